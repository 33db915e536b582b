using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Agents;

/// <summary>
/// Asks an agent something and waits for its answer, which comes to whichever Control. What is not answered in time is forgotten: a
/// late answer finds no question.
/// </summary>
internal sealed class AgentQuestions(NpgsqlDataSource database, IAgentChannel channel, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);

    private const string Note =
        """
        with old as (delete from agent_questions where asked_at < now() - interval '10 minutes')
        insert into agent_questions (id, agent) values ($1, $2)
        """;

    private const string Answered = "select answer from agent_questions where id = $1 and answer is not null";

    private const string Forget = "delete from agent_questions where id = $1";

    private const string Keep = "update agent_questions set answer = $3 where id = $1 and agent = $2 and answer is null";

    /// <param name="agent">One that reads its own queue of the broker.</param>
    /// <param name="operation">See <see cref="AskAgent"/>.</param>
    /// <returns>Null where it is silent.</returns>
    public async Task<byte[]?> Ask(string agent, string operation, int lines, TimeSpan patience, CancellationToken stop)
    {
        var (question, began) = (new AskAgent(Guid.CreateVersion7(), operation, lines), clock.GetTimestamp());
        await database.Execute(Note, stop, SqlValue.Of(question.Question), SqlValue.Of(agent));
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            over.CancelAfter(patience);
            await channel.Tell(agent, question, over.Token);
            while (clock.GetElapsedTime(began) < patience)
            {
                var answers = await database.Query(
                    Answered, row => row.GetFieldValue<byte[]>(0), stop, SqlValue.Of(question.Question));
                if (answers.Count > 0)
                    return answers[0];
                await Task.Delay(Glance, clock, stop);
            }
        }
        catch (Exception away) when (away is TimeoutException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            // the broker does not take the question: nobody can say what the agent would
        }
        finally
        {
            await database.Execute(Forget, CancellationToken.None, SqlValue.Of(question.Question));
        }

        return null;
    }

    /// <returns>False when nobody waits for it.</returns>
    public async Task<bool> Answer(string agent, Guid question, ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        await database.Execute(
            Keep, stop, SqlValue.Of(question), SqlValue.Of(agent), SqlValue.Of(NpgsqlTypes.NpgsqlDbType.Bytea, bytes)) == 1;
}
