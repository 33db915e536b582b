using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>Asks for responses, and reads what is answered.</summary>
internal sealed class ResponseCalls(ChatFleet fleet)
{
    public async Task<ChatAgent> Model()
    {
        var agent = await fleet.ChatAgent("ollama", fleet.NewName());
        var models = fleet.Services.GetRequiredService<IModelDirectory>();
        await Eventually.True(
            async () => (await models.List("default", default)).Any(model => model.Name == agent.Model), "the model is known");
        return agent;
    }

    public async Task<JsonElement> Ask(object request)
    {
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/responses", request);
        return await answer.Json(200);
    }

    public async Task<JsonElement> Answered(ChatAgent agent, object request, string answer) =>
        (await Told(agent, request, answer)).Response;

    public async Task<(JsonElement Response, TurnSpec Spec)> Told(ChatAgent agent, object request, string answer)
    {
        var asked = Ask(request);
        var spec = await agent.Answer(answer);
        return (await asked.Within(), spec);
    }

    public async Task<IReadOnlyList<(string Name, JsonElement Data)>> Events(string id, int after)
    {
        var text = await fleet.Http.GetStringAsync(
            $"/v1/responses/{id}?stream=true{(after < 0 ? "" : $"&starting_after={after}")}");
        return
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(one => !one.StartsWith(':')).Select(one =>
            {
                var lines = one.Split('\n');
                return (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement);
            }),
        ];
    }

    public static IEnumerable<string> Raw(IEnumerable<(string Name, JsonElement Data)> events) =>
        events.Select(one => $"{one.Name} {one.Data.GetRawText()}");

    public async Task Missing(HttpMethod method, string path, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await (by ?? fleet.Http).SendAsync(request);
        (await Error(answer, 404)).Code.ShouldBe("not_found");
    }

    public static async Task<(string? Code, string? Param)> Error(HttpResponseMessage answer, int status)
    {
        var error = (await answer.Json(status)).GetProperty("error");
        return (Text(error, "code"), Text(error, "param"));
    }

    public static string Id(JsonElement response) => Text(response, "id")!;

    public static string? Conversation(JsonElement response) => Text(response.GetProperty("conversation"), "id");

    public static string Said(JsonElement response) => string.Concat(response.GetProperty("output").EnumerateArray()
        .Where(item => Text(item, "type") == "message").Select(item => Text(item.GetProperty("content")[0], "text")));

    public static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
