using System.Net;
using System.Text.Json;

namespace Fleet.Edge.Tests.Support;

/// <summary>Reads RFC 9457 answers.</summary>
internal static class Problems
{
    public static async Task ShouldBeProblem(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("trace_id").GetString()!.Length.ShouldBe(32);
        answer.Headers.GetValues("X-Request-Id").Count().ShouldBe(1);
    }
}
