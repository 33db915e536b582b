using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>Finds what should have happened to jobs and did not.</summary>
internal sealed class JobOmissions(NpgsqlDataSource database, LeaseSettings settings)
{
    /// <summary>
    /// A job and its timer are written in one transaction, and the timer goes only after the job took it: a job that
    /// waits for a timer that is not there waits for ever.
    /// </summary>
    private const string LostTimers =
        """
        select id, attempt, 'retry' from jobs
        where state = 'Queued' and not ready
          and not exists (select 1 from outbox where outbox.token = jobs.retry_token)
        union all
        select id, attempt, 'expiry' from jobs
        where state = 'Queued' and started_at is null and expires_at < now()
          and not exists (select 1 from outbox where outbox.token = jobs.expiry_token)
        union all
        select id, attempt, 'grace' from jobs
        where state = 'Cancelling' and not exists (select 1 from outbox where outbox.token = jobs.grace_token)
        limit 1000
        """;

    /// <summary>
    /// Attempts that an agent named well after they were over for Control: their command, or the word to stop, went a
    /// way of its own.
    /// </summary>
    private const string Overstaying =
        """
        select agents.name, held.id, held.attempt
        from agents cross join unnest(in_hand_ids, in_hand_attempts) as held (id, attempt)
        join jobs on jobs.id = held.id
        where agents.beat_at > now() - $1
          and not (jobs.attempt = held.attempt and jobs.agent = agents.name
                   and jobs.state in ('Assigned', 'Running', 'Cancelling', 'Succeeded'))
          and agents.beat_at > interval '5 s' + coalesce(
              jobs.finished_at, case when jobs.attempt > held.attempt then jobs.assigned_at end, '-infinity')
        limit 1000
        """;

    /// <returns>The messages that the lost timers would have brought.</returns>
    public async Task<IReadOnlyList<(Guid Job, object Timer)>> FindLostTimers(CancellationToken stop)
    {
        await using var find = database.CreateCommand(LostTimers);
        await using var reader = await find.ExecuteReaderAsync(stop);
        var lost = new List<(Guid, object)>();
        while (await reader.ReadAsync(stop))
        {
            var job = reader.GetGuid(0);
            lost.Add((job, reader.GetString(2) switch
            {
                "retry" => new RetryDue(job),
                "expiry" => new JobExpired(job),
                _ => new CancelGraceOver(job, reader.GetInt32(1)),
            }));
        }

        return lost;
    }

    public async Task<IReadOnlyList<(string Agent, Guid Job, int Attempt)>> FindOverstaying(CancellationToken stop)
    {
        await using var find = database.CreateCommand(Overstaying);
        find.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = TimeSpan.FromSeconds(settings.LeaseSeconds) });
        await using var reader = await find.ExecuteReaderAsync(stop);
        var found = new List<(string, Guid, int)>();
        while (await reader.ReadAsync(stop))
            found.Add((reader.GetString(0), reader.GetGuid(1), reader.GetInt32(2)));
        return found;
    }
}
