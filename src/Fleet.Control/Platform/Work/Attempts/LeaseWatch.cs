using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Attempts;

/// <summary>
/// Finds attempts that nobody answers for: their agent fell silent, started anew, never took them, or no longer names
/// them. The event names the attempt, so a verdict that comes late changes nothing.
/// </summary>
internal sealed class LeaseWatch(
    NpgsqlDataSource database,
    IAgentDirectory agents,
    GroupCommit commits,
    WorkKinds kinds,
    Leadership leadership,
    DatabaseClock clock,
    Hearing hearing,
    LeaseSettings settings,
    TimeProvider time,
    ILogger<LeaseWatch> logger) : LeaderService(leadership, TimeSpan.FromSeconds(5), time)
{
    private const string InHand =
        $"select id, kind, attempt, state, agent, agent_session, assigned_at from {WorkTables.InHand} where kind = any($1)";

    private readonly WorkSignal _now = new();

    private TimeSpan Lease => TimeSpan.FromSeconds(settings.LeaseSeconds);

    /// <summary>Something changed about an agent: do not wait for the next round.</summary>
    public void LookNow() => _now.Set();

    public override void Dispose()
    {
        _now.Dispose();
        base.Dispose();
    }

    protected override Task Pause(TimeSpan atMost, CancellationToken stop) => _now.Wait(atMost, stop);

    protected override void RoundFailed(Exception failure) => WorkLog.LeasesNotChecked(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        var inHand = await database.Query(InHand, Read, stop, SqlValue.Column(kinds.Names));
        if (inHand.Count == 0)
            return;
        var presence = await agents.Presence(stop);
        var now = clock.Now;
        var lost = inHand.Select(held => (Held: held, Reason: Verdict(held, presence.GetValueOrDefault(held.Agent), now)));
        await Task.WhenAll(lost.Where(one => one.Reason is not null).Select(one =>
        {
            var held = one.Held;
            WorkLog.AttemptLost(logger, held.Id, held.Attempt, one.Reason!);
            return commits.Run(
                [kinds.RowOf(held.Kind, held.Id)],
                unit => unit.Raise(new AttemptLost(held.Id, held.Kind, held.Attempt, one.Reason!)),
                stop: stop);
        }));
    }

    /// <returns>Why the attempt is lost, or null when it is not.</returns>
    private string? Verdict(Held held, AgentPresence? agent, DateTimeOffset now)
    {
        if (agent is null || (agent.Silence > Lease && now - hearing.Since > Lease))
            return LossReasons.AgentLost;
        if (agent.InHand.Contains((held.Id, held.Attempt)))
            return null;
        if (agent.Session != held.Session)
            return agent.BeatAt is null ? null : LossReasons.AgentRestarted; // its first beat says what it knows of earlier ones
        if (agent.IsClosing)
            return LossReasons.AgentStopped;
        var acceptance = TimeSpan.FromSeconds(settings.AcceptanceSeconds);
        var heardAfter = agent.BeatAt - held.AssignedAt; // one that is silent since may have begun: its lease decides
        if (held.State == WorkStates.Assigned)
            return heardAfter > acceptance / 2 && now - held.AssignedAt > acceptance ? LossReasons.NotAccepted : null;
        return heardAfter > acceptance ? LossReasons.NotInHand : null;
    }

    private static Held Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetInt32(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.IsDBNull(5) ? null : reader.GetGuid(5),
        reader.GetFieldValue<DateTimeOffset>(6));

    private sealed record Held(
        Guid Id, string Kind, int Attempt, string State, string Agent, Guid? Session, DateTimeOffset AssignedAt);
}
