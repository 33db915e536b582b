using Fleet.Contracts.Backups;
using Fleet.Control.Backups;
using Fleet.Control.Backups.Alerts;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Backups;

/// <summary>What deserves an alert, and what does not any more.</summary>
public sealed class AlertReasonsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, int> Slots = new() { [BackupKinds.Capability] = 1 };

    private readonly DatabaseFixture _house = new();
    private readonly Repository _repository = new()
    {
        Id = WireId.New(),
        Tenant = "default",
        Name = "vault",
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        await Store(_repository);
    }

    public Task DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData(BackupKinds.Backup, "Succeeded", null, null)]
    [InlineData(BackupKinds.Backup, "Failed", BackupErrors.NoRepository, AlertKinds.Failed)]
    [InlineData(BackupKinds.Backup, "Failed", BackupErrors.Locked, AlertKinds.Locked)]
    [InlineData(BackupKinds.Backup, "Expired", "expired", AlertKinds.Missed)]
    [InlineData(BackupKinds.Check, "Failed", BackupErrors.Corrupt, AlertKinds.Corrupt)]
    [InlineData(BackupStatus.Drill, "Failed", BackupErrors.VerifyFailed, AlertKinds.Corrupt)]
    [InlineData(BackupKinds.Prune, "Succeeded", null, null)]
    public async Task The_latest_end_of_a_sort(string subject, string state, string? code, string? kind)
    {
        await Store(Status(Guid.Empty, subject, state, code));
        var alerts = await Find();
        alerts.Select(alert => alert.Kind).ShouldBe(kind is null ? [] : [kind]);
        alerts.ShouldAllBe(alert => alert.Repository == "vault" && alert.Message.Contains("of repository vault"));
    }

    [Theory]
    [InlineData(null, 3600, 1800, false)] // made half an hour ago
    [InlineData(null, 3600, 7200, true)]
    [InlineData(1800, 3600, 7200, false)]
    [InlineData(7200, 3600, 9000, true)]
    [InlineData(7200, null, 9000, false)] // nobody minds
    public async Task A_group_whose_newest_is_too_old(int? goodBefore, int? within, int madeBefore, bool isStale)
    {
        var group = Group("files", "one", within, Now.AddSeconds(-madeBefore));
        await Store(group);
        if (goodBefore is { } seconds)
        {
            var status = Status(group.Id, BackupKinds.Backup, "Succeeded", null);
            status.SucceededAt = Now.AddSeconds(-seconds);
            await Store(status);
        }

        (await Find()).Select(alert => (alert.Kind, alert.SourceGroup)).ShouldBe(isStale ? [(AlertKinds.Stale, "files")] : []);
    }

    [Fact]
    public async Task An_agent_with_groups_that_is_silent_for_long()
    {
        await Store(Group("files", "silent", null, Now));
        await Store(Group("more files", "silent", null, Now));
        await Store(Group("others", "quiet", null, Now));
        var alerts = await Find(Standing("silent", 1000), Standing("quiet", 100), Standing("nobody's", 5000));
        alerts.Select(alert => (alert.Kind, alert.Agent)).ShouldBe([(AlertKinds.Offline, "silent")]);
    }

    private async Task<IReadOnlyList<Alert>> Find(params AgentStanding[] standing)
    {
        await using var db = _house.Db();
        return await new AlertReasons(new Directory(standing), new BackupSettings()).Find(db, Now, default);
    }

    private async Task Store(object row)
    {
        await using var db = _house.Db();
        db.Add(row);
        await db.SaveChangesAsync();
    }

    private SourceGroup Group(string name, string agent, int? within, DateTimeOffset made) => new()
    {
        Id = WireId.New(),
        Tenant = "default",
        Name = name,
        Agent = agent,
        RepositoryId = _repository.Id,
        NewestWithinS = within,
        CreatedAt = made,
        UpdatedAt = made,
    };

    private BackupStatus Status(Guid group, string subject, string state, string? code) => new()
    {
        RepositoryId = _repository.Id,
        SourceGroupId = group,
        Subject = subject,
        Tenant = "default",
        State = state,
        ErrorCode = code,
        WorkId = WireId.New(),
        EndedAt = Now,
    };

    private static AgentStanding Standing(string name, int silence) =>
        new(name, IsRevoked: false, IsOn: false, IsDraining: false, Now.AddSeconds(-silence), Slots, new Dictionary<string, string>());

    private sealed class Directory(IReadOnlyList<AgentStanding> standing) : IAgentDirectory
    {
        public Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop) => Task.FromResult(standing);

        public Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> OnBus(CancellationToken stop) => throw new NotSupportedException();

        public Task<bool> IsSession(string agent, Guid session, CancellationToken stop) => throw new NotSupportedException();
    }
}
