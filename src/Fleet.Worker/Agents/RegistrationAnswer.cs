using System.Net;
using Fleet.Contracts.Agents;

namespace Fleet.Worker.Agents;

/// <summary>What Control said, or did not say, to a registration or an enrolment.</summary>
internal abstract record RegistrationAnswer
{
    private const int LongestReason = 500;

    public static async Task<RegistrationAnswer> OfRefusal(HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        var reason = $"{(int)answer.StatusCode} {text[..Math.Min(text.Length, LongestReason)]}".TrimEnd();
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new KeyRefused(reason),
            HttpStatusCode.BadRequest => new RegistrationWrong(reason),
            HttpStatusCode.Conflict when text.Contains("session_superseded", StringComparison.Ordinal) =>
                new RegistrationWrong(reason),
            HttpStatusCode.Conflict => new KeyRefused(reason),
            _ => new ControlAway(reason),
        };
    }
}

internal sealed record Registered(AgentWelcome Welcome) : RegistrationAnswer;

/// <summary>This agent has a token of its own from now on, and can register.</summary>
internal sealed record Enrolled : RegistrationAnswer;

/// <summary>An operator has to approve this host first.</summary>
internal sealed record Undecided : RegistrationAnswer;

internal sealed record KeyRefused(string Reason) : RegistrationAnswer;

internal sealed record RegistrationWrong(string Reason) : RegistrationAnswer;

internal sealed record ControlAway(string Reason) : RegistrationAnswer;
