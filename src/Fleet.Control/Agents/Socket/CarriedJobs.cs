using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// Attempts that an agent had in hand when its connection broke. The wire does not say what it still has: they stay its own until
/// it says a word of them, or has had the time for one.
/// </summary>
internal sealed class CarriedJobs(NpgsqlDataSource database, SocketSettings settings)
{
    /// <summary>Before the new session is registered, which forgets them.</summary>
    public async Task Into(HeldJobs jobs, string agent, CancellationToken stop)
    {
        var held = await database.Query(
            $"""
            select held.id, held.kind, held.attempt from agents
            join {WorkTables.InHand} held on held.agent = agents.name and held.kind = any($2)
            join unnest(agents.in_hand_ids, agents.in_hand_attempts) as named (id, attempt)
                on named.id = held.id and named.attempt = held.attempt
            where agents.name = $1
            """,
            row => (Id: row.GetGuid(0), Kind: row.GetString(1), Attempt: row.GetInt32(2)),
            stop,
            SqlValue.Of(agent),
            SqlValue.Column(BackupKinds.All));
        foreach (var job in held)
        {
            var patience = BackupWords.IsQuiet(job.Kind) ? settings.QuietDoubtSeconds : settings.DoubtSeconds;
            jobs.Add(job.Id, job.Kind, job.Attempt, TimeSpan.FromSeconds(patience));
        }
    }
}
