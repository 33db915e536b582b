using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>
/// Two Control processes, so that answers come by another one than was asked, and two agents with Debian's restic. Who is gone
/// is noticed soon.
/// </summary>
[CollectionDefinition(Name)]
public sealed class WithBackups() : FleetUnderTest(controls: 2, workers: 2, Told), ICollectionFixture<WithBackups>
{
    public const string Name = "with backups";

    /// <summary>How long an agent may take to answer a question.</summary>
    public const double QuestionSeconds = 20;

    private static readonly Dictionary<string, string> Told = new()
    {
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__LeaseSeconds"] = "20",
        ["Leases__AcceptanceSeconds"] = "5",
        ["Leases__ReconcileSeconds"] = "2",
        ["Rabbit__PulseSeconds"] = "1",
        ["Backups__AlertSeconds"] = "0.5",
        ["Backups__LockWaitSeconds"] = "5",
        ["Backups__QuestionSeconds"] = "20",
        ["Worker__Backups__PatienceSeconds"] = "3",
    };
}
