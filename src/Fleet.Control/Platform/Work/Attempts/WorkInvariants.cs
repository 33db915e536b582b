using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Attempts;

/// <summary>Finds what should have happened to work and did not.</summary>
internal sealed class WorkInvariants(
    NpgsqlDataSource database, IAgentDirectory agents, WorkKinds kinds, LeaseSettings settings)
{
    /// <summary>
    /// Work and its timer are written in one transaction, and the timer goes only after the work took it: work that
    /// waits for a timer that is not there waits for ever.
    /// </summary>
    private const string LostTimers =
        $"""
        select id, kind, attempt, 'retry' from {WorkTables.Waiting} waiting
        where not ready and kind = any($1) and not exists (select 1 from outbox where outbox.token = waiting.retry_token)
        union all
        select id, kind, attempt, 'expiry' from {WorkTables.Waiting} waiting
        where started_at is null and expires_at < now() and kind = any($1)
          and not exists (select 1 from outbox where outbox.token = waiting.expiry_token)
        union all
        select id, kind, attempt, 'grace' from {WorkTables.InHand} held
        where state = '{WorkStates.Cancelling}' and kind = any($1)
          and not exists (select 1 from outbox where outbox.token = held.grace_token)
        limit 1000
        """;

    /// <summary>
    /// Attempts that an agent named well after they were over for Control: their command, or the word to stop, went a
    /// way of its own.
    /// </summary>
    private const string Overstaying =
        $"""
        select held.agent, held.id, state.kind, held.attempt
        from unnest($1, $2, $3, $4) as held (agent, id, attempt, beat_at)
        join {WorkTables.State} state on state.id = held.id
        where not (state.attempt = held.attempt and state.agent = held.agent
                   and (state.phase = '{WorkStates.InHand}' or state.state = '{WorkStates.Succeeded}'))
          and held.beat_at > interval '5 s' + coalesce(
              state.finished_at, case when state.attempt > held.attempt then state.assigned_at end, '-infinity')
        limit 1000
        """;

    /// <returns>The messages that the lost timers of the kinds known here would have brought.</returns>
    public async Task<IReadOnlyList<IWorkMessage>> FindLostTimers(CancellationToken stop) =>
        await database.Query(LostTimers, ReadTimer, stop, SqlValue.Column(kinds.Names));

    public async Task<IReadOnlyList<Overstay>> FindOverstaying(DateTimeOffset now, CancellationToken stop)
    {
        var silence = TimeSpan.FromSeconds(settings.LeaseSeconds);
        var named = (await agents.Presence(stop)).Values
            .Where(agent => agent.BeatAt > now - silence)
            .SelectMany(agent => agent.InHand.Select(held => (agent.Name, held.Id, held.Attempt, BeatAt: agent.BeatAt!.Value)))
            .ToList();
        if (named.Count == 0)
            return [];
        return await database.Query(
            Overstaying,
            reader => new Overstay(reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3)),
            stop,
            SqlValue.Of(named.Select(one => one.Name).ToArray()),
            SqlValue.Of(named.Select(one => one.Id).ToArray()),
            SqlValue.Of(named.Select(one => one.Attempt).ToArray()),
            SqlValue.Of(named.Select(one => one.BeatAt.UtcDateTime).ToArray()));
    }

    private static IWorkMessage ReadTimer(NpgsqlDataReader reader)
    {
        var (work, kind) = (reader.GetGuid(0), reader.GetString(1));
        return reader.GetString(3) switch
        {
            "retry" => new RetryDue(work, kind),
            "expiry" => new WorkExpired(work, kind),
            _ => new CancelGraceOver(work, kind, reader.GetInt32(2)),
        };
    }
}

/// <summary>An attempt that its agent still names though it is over.</summary>
internal sealed record Overstay(string Agent, Guid WorkId, string Kind, int Attempt);
