using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Agents;

/// <summary>
/// Asks an agent something and waits for its answer, which comes to whichever Control. What is not answered in time is forgotten: a
/// late answer finds no question. Each that waits keeps the database a little busy, so of one process only so many wait at once.
/// </summary>
internal sealed class AgentQuestions(NpgsqlDataSource database, IAgentChannel channel, TimeProvider clock)
{
    /// <summary>Questions of this process that wait at once.</summary>
    public const int MostWaiting = 32;

    private static readonly TimeSpan FirstGlance = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestGlance = TimeSpan.FromMilliseconds(250);

    private const string Note =
        """
        with old as (delete from agent_questions where asked_at < now() - interval '10 minutes')
        insert into agent_questions (id, agent) values ($1, $2)
        """;

    private const string Answered = "select answer from agent_questions where id = $1 and answer is not null";

    private const string Forget = "delete from agent_questions where id = $1";

    private const string Keep = "update agent_questions set answer = $3 where id = $1 and agent = $2 and answer is null";

    private int _waiting;

    /// <param name="agent">One that reads its own queue of the broker.</param>
    /// <param name="operation">See <see cref="AskAgent"/>.</param>
    /// <returns>Null where it is silent.</returns>
    /// <exception cref="ProblemException">503 <c>too_many_questions</c>: <see cref="MostWaiting"/> others wait.</exception>
    public async Task<byte[]?> Ask(string agent, string operation, int lines, TimeSpan patience, CancellationToken stop)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                throw new ProblemException(Problem.Unavailable("too_many_questions", "Too many agents are being asked at the moment."));
            return await Wait(agent, operation, lines, patience, stop);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <returns>False when nobody waits for it.</returns>
    public async Task<bool> Answer(string agent, Guid question, ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        await database.Execute(
            Keep, stop, SqlValue.Of(question), SqlValue.Of(agent), SqlValue.Of(NpgsqlTypes.NpgsqlDbType.Bytea, bytes)) == 1;

    private async Task<byte[]?> Wait(string agent, string operation, int lines, TimeSpan patience, CancellationToken stop)
    {
        var (question, began) = (new AskAgent(Guid.CreateVersion7(), operation, lines), clock.GetTimestamp());
        await database.Execute(Note, stop, SqlValue.Of(question.Question), SqlValue.Of(agent));
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            over.CancelAfter(patience);
            await channel.Tell(agent, question, over.Token);
            for (var glance = FirstGlance; ; glance = Longer(glance))
            {
                var answers = await database.Query(
                    Answered, row => row.GetFieldValue<byte[]>(0), stop, SqlValue.Of(question.Question));
                if (answers.Count > 0)
                    return answers[0];
                var left = patience - clock.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                    return null;
                await Task.Delay(left < glance ? left : glance, clock, stop);
            }
        }
        catch (Exception away) when (away is TimeoutException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return null; // the broker does not take the question: nobody can say what the agent would
        }
        finally
        {
            await database.Execute(Forget, CancellationToken.None, SqlValue.Of(question.Question));
        }
    }

    private static TimeSpan Longer(TimeSpan glance) => glance * 2 < LongestGlance ? glance * 2 : LongestGlance;
}
