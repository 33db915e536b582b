using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Chat.Paliad;

/// <summary>A whole Control, asked as a client of paliad asks.</summary>
public sealed class PaliadFleet : ChatFleet
{
    /// <summary>Every path of the wire, and some that nobody serves.</summary>
    public static IReadOnlyList<(string Method, string Path)> Paths { get; } =
    [
        ("POST", "/api/paliadin/turn"), ("GET", $"/api/paliadin/stream/{Guid.Empty}"), ("GET", "/api/paliadin/stream/x"),
        ("GET", $"/api/paliadin/turns/{Guid.Empty}"), ("GET", $"/api/paliadin/turns/{Guid.Empty}/recover"),
        ("POST", $"/api/paliadin/turns/{Guid.Empty}/cancellation"), ("GET", "/api/paliadin/history"),
        ("POST", "/api/paliadin/reset"), ("GET", "/api/admin/paliadin/stats"), ("GET", "/api/admin/paliadin/turns"),
        ("GET", "/api/paliadin/turn"), ("DELETE", "/api/paliadin/history"), ("GET", "/api/paliadin/nothing"), ("GET", "/api/paliadin"),
        ("PUT", "/api/admin/paliadin/nothing"),
    ];

    public static async Task<(int Status, string Type, string Body)> Call(
        HttpClient by, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "text/plain"); // the wire reads any type
        using var answer = await by.SendAsync(request);
        var type = answer.Content.Headers.ContentType?.ToString() ?? "";
        return ((int)answer.StatusCode, type, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The id of a turn.</summary>
    public static async Task<string> Turn(HttpClient by, object question)
    {
        var (status, _, body) = await Call(by, "POST", "/api/paliadin/turn", JsonSerializer.Serialize(question));
        status.ShouldBe(200, body);
        var asked = JsonDocument.Parse(body).RootElement;
        asked.EnumerateObject().Select(field => field.Name).ShouldBe(["turn_id", "sse_url"]);
        var id = asked.GetProperty("turn_id").GetString()!;
        id.Length.ShouldBe(36);
        asked.GetProperty("sse_url").GetString().ShouldBe($"/api/paliadin/stream/{id}");
        return id;
    }

    /// <summary>The stream to its end; without pings. Null where there is nothing more.</summary>
    public static async Task<List<PaliadSaid>?> Stream(HttpClient by, string turn, long? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/paliadin/stream/{turn}");
        if (after is { } id)
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        using var answer = await by.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if ((int)answer.StatusCode == 204)
            return null;
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        answer.Headers.NonValidated["Cache-Control"].ToString().ShouldBe("no-cache, no-transform");
        answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
        return [.. text.Split("\n\n").Where(part => part.StartsWith("id: ", StringComparison.Ordinal)).Select(part =>
        {
            var lines = part.Split('\n');
            return new PaliadSaid(
                long.Parse(lines[0][4..], CultureInfo.InvariantCulture), lines[1]["event: ".Length..], lines[2]["data: ".Length..]);
        })];
    }

    /// <summary>Returns when all of it is in the journal: agents say nothing new before they know that.</summary>
    internal async Task Say(ChatAgent agent, RunAttempt run, params (string Stream, string Text)[] said)
    {
        await Eventually.True(async () => await Count("Running") == 1, "the attempt has begun");
        var before = await Written();
        var output = said.Select(one => new OutputChunk(one.Stream, Encoding.UTF8.GetBytes(one.Text))).ToList();
        await agent.Raw.Report(new AttemptReport(run.WorkId, TurnSpec.Kind, run.Attempt, Output: output));
        await Eventually.True(async () => await Written() >= before + said.Length, "it is written down");

        Task<long> Count(string state) =>
            House.Ask<long>($"select count(*) from work_state where id = $1 and state = '{state}'", run.WorkId);

        Task<long> Written() => House.Ask<long>("select count(*) from journal where stream = $1", run.WorkId);
    }

    public static async Task<JsonElement> Json(HttpClient by, string path)
    {
        var (status, _, body) = await Call(by, "GET", path);
        status.ShouldBe(200, body);
        return JsonDocument.Parse(body).RootElement;
    }
}

/// <summary>One event of a stream.</summary>
public sealed record PaliadSaid(long Id, string Name, string Data);
