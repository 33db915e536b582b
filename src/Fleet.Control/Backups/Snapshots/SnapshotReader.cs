using System.Runtime.CompilerServices;
using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>Asks an agent that reaches the repository, and reads its answer as it comes.</summary>
internal sealed class SnapshotReader(
    NpgsqlDataSource database, IAgentChannel channel, IAgentDirectory agents, SourceGroups.SourceGroupStore groups,
    RepositoryTickets tickets, BackupSettings settings, DatabaseClock time, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>An agent may take its time to begin, and then for each piece.</summary>
    private const int TicketPieces = 2;

    private const string Ask =
        "insert into snapshot_questions (id, agent, asked_at, is_taken, is_done) values ($1, $2, now(), false, false)";

    private const string Forget = "delete from snapshot_questions where id = $1";

    private const string ForgetPieces = "delete from snapshot_answers where question = $1";

    private const string TakePieces =
        "with taken as (delete from snapshot_answers where question = $1 returning number, bytes) select bytes from taken order by number";

    private const string State = "select is_done, error_code, error_message from snapshot_questions where id = $1";

    /// <param name="agent">Who is asked; null for whoever can.</param>
    /// <exception cref="ProblemException">Nobody can be asked, nobody answers in time, or there is no answer.</exception>
    public async IAsyncEnumerable<byte[]> Read(
        Snapshot snapshot, string operation, string path, string? agent, string? name, int limit,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var asked = await Choose(snapshot, agent, stop);
        var id = Guid.CreateVersion7();
        await database.Execute(Ask, stop, SqlValue.Of(id), SqlValue.Of(asked));
        try
        {
            var until = time.Now.AddSeconds(TicketPieces * settings.QuestionSeconds);
            var ticket = tickets.Issue(new TicketTerms(snapshot.RepositoryId, Admin: false, asked, Until: until));
            await Tell(asked, new ReadSnapshot(id, operation, ticket, snapshot.Id, path, settings.QuestionSeconds, name, limit), stop);
            await foreach (var piece in Pieces(id, asked, stop))
                yield return piece;
        }
        finally
        {
            await database.Execute(Forget, CancellationToken.None, SqlValue.Of(id));
            await database.Execute(ForgetPieces, CancellationToken.None, SqlValue.Of(id));
        }
    }

    private async Task Tell(string agent, ReadSnapshot question, CancellationToken stop)
    {
        try
        {
            await channel.Tell(agent, question, stop);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(Problem.Unavailable("agent_unreachable", $"Agent {agent} could not be asked."));
        }
    }

    private async IAsyncEnumerable<byte[]> Pieces(Guid id, string agent, [EnumeratorCancellation] CancellationToken stop)
    {
        var heard = clock.GetTimestamp();
        while (true)
        {
            var isDone = await IsDone(id, agent, stop); // before the pieces are looked for: then those are all
            var pieces = await database.Query(TakePieces, row => row.GetFieldValue<byte[]>(0), stop, SqlValue.Of(id));
            foreach (var piece in pieces)
                yield return piece;
            if (pieces.Count > 0)
                heard = clock.GetTimestamp(); // however long the reader took
            else if (isDone)
                yield break;
            else if (clock.GetElapsedTime(heard).TotalSeconds > settings.QuestionSeconds)
                throw new ProblemException(Silent(agent));
            else
                await Task.Delay(Glance, clock, stop);
        }
    }

    private ProblemResult Silent(string agent) =>
        new(504, "agent_silent", $"Agent {agent} did not answer within {settings.QuestionSeconds} s.");

    /// <exception cref="ProblemException">There is no answer.</exception>
    private async Task<bool> IsDone(Guid id, string agent, CancellationToken stop)
    {
        var found = await database.Query(
            State,
            row => (
                IsDone: row.GetBoolean(0),
                Code: row.IsDBNull(1) ? null : row.GetString(1),
                Why: row.IsDBNull(2) ? "" : row.GetString(2)),
            stop,
            SqlValue.Of(id));
        if (found is not [var state])
            throw new ProblemException(Silent(agent)); // it was too old
        return state.Code switch
        {
            null => state.IsDone,
            NoAnswer.NoPath => throw new ProblemException(Problem.NotFound("path in the snapshot")),
            NoAnswer.NoContent =>
                throw new ProblemException(Problem.Invalid("path", "This is neither a file nor a directory: it has no content.")),
            BackupErrors.NoSnapshot => throw new ProblemException(Problem.NotFound("snapshot in the repository")),
            var code => throw new ProblemException(new ProblemResult(502, code, $"Agent {agent}: {state.Why}")),
        };
    }

    /// <summary>The one that is named, the one whose files they are, or another that backs up to the same repository.</summary>
    private async Task<string> Choose(Snapshot snapshot, string? agent, CancellationToken stop)
    {
        var able = (await agents.Standing(stop))
            .Where(one => one is { IsOn: true, IsRevoked: false } && one.MayBeAbleTo(BackupKinds.Capability))
            .Select(one => one.Name).ToHashSet();
        IEnumerable<string> wanted = agent is not null
            ? [agent]
            : [snapshot.Agent, .. (await groups.Of(snapshot.RepositoryId, stop)).Select(group => group.Agent)];
        return wanted.FirstOrDefault(able.Contains) ?? throw new ProblemException(Problem.Unavailable(
            "agent_offline", "No agent that reaches the repository is online: the snapshot cannot be looked into now."));
    }
}
