using Fleet.Contracts.Agents;
using MassTransit;

namespace Fleet.Worker.Agents.Questions;

/// <summary>Somebody waits for an answer. It is given elsewhere, so that the queue goes on.</summary>
internal sealed class AskAgentConsumer(AgentAnswers answers) : IConsumer<AskAgent>
{
    public Task Consume(ConsumeContext<AskAgent> context)
    {
        answers.Take(context.Message);
        return Task.CompletedTask;
    }
}
