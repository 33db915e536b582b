using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Agents;

/// <summary>What an agent answers to a question, with its own token.</summary>
internal static class AgentReplyEndpoints
{
    public static void MapAgentReplies(this IEndpointRouteBuilder agents) =>
        agents.MapPut("/{name}/replies/{question}", Answer).AuditedAs("agent.reply").AuditedWhenRefused().OnlyForAgents().Produces(204);

    private static async Task<IResult> Answer(
        string name, string question, HttpRequest request, Caller caller, AgentQuestions questions, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        using var body = await BodyBytes.Read(request);
        return Guid.TryParseExact(question, "N", out var id) && await questions.Answer(name, id, body.Memory, stop)
            ? Results.NoContent()
            : Problem.NotFound("question");
    }
}
