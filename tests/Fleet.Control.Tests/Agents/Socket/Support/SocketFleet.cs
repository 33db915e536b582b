using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Agents.Socket;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Protocol.Ids;
using Fleet.Tests.Probe;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Agents.Socket.Support;

/// <summary>A whole Control with work of the kinds of backups, and agents that hang on its socket.</summary>
public class SocketFleet : TestFleet
{
    internal TestRepositories Repositories { get; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await House.Do("create table probes (id uuid primary key, correction double precision)"); // a migration's part
    }

    /// <summary>An agent that has said hello.</summary>
    /// <param name="at">The Control it hangs on; null means the first.</param>
    internal async Task<ScriptedAgent> Connected(string? name = null, HttpClient? at = null, params string[] features)
    {
        var agent = await Enrolled(name, at);
        await agent.Connect();
        await agent.Welcome(features);
        await Eventually.True(async () => await StateOf(agent.Name) == "online", $"{agent.Name} is online");
        return agent;
    }

    /// <summary>An agent that has a token, and nothing more.</summary>
    /// <param name="at">The Control it will hang on; null means the first.</param>
    internal async Task<ScriptedAgent> Enrolled(string? name = null, HttpClient? at = null)
    {
        name ??= NewName();
        return new ScriptedAgent(name, await AgentToken(name), (at ?? Http).BaseAddress!);
    }

    internal async Task<string> StateOf(string agent) => (await Get($"/v1/agents/{agent}")).GetProperty("state").GetString()!;

    /// <summary>Work for this agent.</summary>
    /// <param name="maxAttempts">How often it may be tried.</param>
    internal async Task<Guid> Submit(string agent, BackupSpec? spec = null, string kind = BackupKinds.Backup, int maxAttempts = 1)
    {
        spec ??= new BackupSpec(
            "01REPOSITORY", "home", Ticket: "everyday",
            Source: new BackupSource("01GROUP", "home", ["/home"], ["*.tmp"], ["home"]));
        var work = new SubmitWork(
            WireId.New(), kind, SpecJson.Write(spec), "default", "nightly", new Dictionary<string, string>(), 5, maxAttempts, null, null,
            new WorkTarget(agent, new Dictionary<string, string>()), Capability: BackupKinds.Capability);
        var kinds = Services.GetRequiredService<WorkKinds>();
        await Services.GetRequiredService<GroupCommit>().Run(
            [kinds.RowOf(kind, work.WorkId, isNew: true)], unit => WorkOperations.Accept(unit, work, new HashSet<Guid>()));
        return work.WorkId;
    }

    internal async Task<WorkRow> Row(Guid work)
    {
        var kinds = Services.GetRequiredService<WorkKinds>();
        WorkRow? found = null;
        await Services.GetRequiredService<GroupCommit>().Run(
            [kinds.RowOf(BackupKinds.Backup, work)],
            async unit => found = (WorkRow?)await unit.Find(kinds.RowOf(BackupKinds.Backup, work)));
        return found!;
    }

    internal Task Cancel(Guid work) =>
        Services.GetRequiredService<WorkOperations>().Cancel(work, BackupKinds.Backup, "a test");

    /// <summary>What Control has the agent told, as dispatch and questions do it.</summary>
    internal Task Tell(string agent, object message) =>
        Services.GetRequiredService<IAgentChannel>().Send(agent, message, Guid.NewGuid(), CancellationToken.None);

    internal Task Becomes(Guid work, string state) =>
        Eventually.True(async () => (await Row(work)).State == state, $"the backup is {state}");

    protected override void AddMore(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddWork<ProbeFamily, ProbeLifecycle, Fleet.Tests.Probe.Probe>(
            [.. BackupKinds.All.Select(kind => new WorkKind(kind, Fleet.Tests.Probe.Probe.FamilyName, BackupStreams.All, BackupStreams.Log))]);
        builder.AddSchedules();
        services.AddSingleton<IRepositoryAccess>(Repositories);
        services.AddSingleton<IRepositoryInventory>(Repositories);
        services.AddSingleton<IAgentRepositories>(Repositories);
        services.AddSingleton<ISnapshotAnswers>(Repositories);
    }

    protected override void MapMore(WebApplication app) => app.MapSchedules();
}

/// <summary>The same, where the time of connections stands still unless a test moves it.</summary>
public sealed class StillSocketFleet : SocketFleet
{
    internal Microsoft.Extensions.Time.Testing.FakeTimeProvider Time { get; } = new();

    /// <summary>The time that a test moves on may not be that of a message which is just being sent.</summary>
    protected override (string Key, string Value)[] Settings { get; } = [("Sockets:SendSeconds", "600")];

    protected override void AddMore(IHostApplicationBuilder builder)
    {
        base.AddMore(builder);
        builder.Services.AddSingleton(new SocketClock(Time));
    }
}

/// <summary>The same, with little patience for agents that do not read.</summary>
public sealed class HastySocketFleet : SocketFleet
{
    protected override (string Key, string Value)[] Settings { get; } =
        [("Sockets:SendSeconds", "1"), ("Sockets:MessagesPerSecond", "1000000")];
}
