using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents.Questions;

/// <summary>Answers questions about this agent, over HTTP with its own token. A question it does not know it leaves alone.</summary>
internal sealed class AgentAnswers(
    ControlClient control, WorkerSettings settings, RecentLog recent, IEnumerable<IAgentAnswer> others, ILogger<AgentAnswers> log)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IAgentAnswer> _others = others.ToDictionary(one => one.Operation);

    public void Take(AskAgent question) => _ = Task.Run(() => Answer(question));

    private async Task Answer(AskAgent question)
    {
        try
        {
            if (await BytesOf(question) is not { } bytes)
                return;
            using var body = new ByteArrayContent(bytes);
            using var answer = await control.Put(
                $"v1/agents/{settings.Name}/replies/{question.Question:N}", body, _patience, CancellationToken.None);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException or ChildStartException)
        {
            log.QuestionNotAnswered(question.Operation, failure.Message);
        }
    }

    private async Task<byte[]?> BytesOf(AskAgent question) => question.Operation switch
    {
        AskAgent.Ping => [],
        AskAgent.Log => Encoding.UTF8.GetBytes(recent.Last(question.Lines)),
        null => null,
        _ when _others.TryGetValue(question.Operation, out var other) => await other.Answer(question),
        _ => null,
    };
}
