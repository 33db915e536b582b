using Fleet.EchoModel;

// Two cores run a whole fleet: one at a time, and one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The usual fleet: one Control, and beside the usual agent one with a single slot.</summary>
[CollectionDefinition(Name)]
public sealed class OneControl() : FleetUnderTest(controls: 1, workers: 2), ICollectionFixture<OneControl>
{
    public const string Name = "one Control";
}

/// <summary>Two Control processes that share the work of one agent, and may call receivers on this machine.</summary>
[CollectionDefinition(Name)]
public sealed class TwoControls() : FleetUnderTest(controls: 2, workers: 1, Told), ICollectionFixture<TwoControls>
{
    public const string Name = "two Controls";

    private static readonly Dictionary<string, string> Told = new()
    {
        ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
        ["Webhooks__TimeoutSeconds"] = "2",
        ["Webhooks__ClaimSeconds"] = "5",
    };
}

/// <summary>A fleet that notices soon who is gone, so that tests need not wait for it.</summary>
[CollectionDefinition(Name)]
public sealed class QuickLeases() : FleetUnderTest(controls: 1, workers: 2, Quick), ICollectionFixture<QuickLeases>
{
    public const string Name = "quick leases";
    public const double LeaseSeconds = 10;

    private static readonly Dictionary<string, string> Quick = new()
    {
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__LeaseSeconds"] = "10",
        ["Leases__AcceptanceSeconds"] = "5",
        ["Leases__ReconcileSeconds"] = "2",
        ["Rabbit__PulseSeconds"] = "1",
        ["Retention__PollSeconds"] = "0.5",
    };
}

/// <summary>Two Control processes and an agent with one upstream: an echo of every model, in the tests' own process.</summary>
[CollectionDefinition(Name)]
public sealed class WithModels() : FleetUnderTest(controls: 2, workers: 1, Told), ICollectionFixture<WithModels>
{
    public const string Name = "with models";

    /// <summary>How long work for another model waits at most while the present one has its turn.</summary>
    public const double PatienceSeconds = 4;

    internal static EchoServer Echo { get; } = EchoServer.Start().GetAwaiter().GetResult();

    private static Dictionary<string, string> Told => new()
    {
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__AcceptanceSeconds"] = "5",
        ["Leases__ReconcileSeconds"] = "2",
        ["Rabbit__PulseSeconds"] = "1",
        ["Dispatch__ModelPatienceSeconds"] = "4",
        ["Worker__Upstreams__here__Url"] = Echo.Url,
        ["Worker__Upstreams__here__SilenceSeconds"] = "6",
        ["Worker__UpstreamProbeSeconds"] = "0.3",
    };
}
