using System.Net;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>What is asked of answers.</summary>
internal static class Answers
{
    /// <summary>The body of an answer that has to have this status; another one is told with its problem.</summary>
    public static async Task<string> Must(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync().Within();
        var asked = answer.RequestMessage;
        answer.StatusCode.ShouldBe(expected, $"{asked?.Method} {asked?.RequestUri?.PathAndQuery} answered: {body}");
        return body;
    }

    /// <summary>The problem details of an answer that has to be a no.</summary>
    public static async Task<ProblemView> MustRefuse(this HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Must((HttpStatusCode)status);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = FleetJson.Read<ProblemView>(body);
        problem.Status.ShouldBe(status);
        problem.Code.ShouldBe(code, body);
        problem.Detail.ShouldNotBeNullOrWhiteSpace();
        problem.TraceId.ShouldNotBeNullOrWhiteSpace();
        return problem;
    }
}
