using System.Globalization;
using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>What paliad's browser side does: asks, follows the stream, comes back when it breaks, and recovers.</summary>
internal sealed class PaliadClient(FleetClient http)
{
    public async Task<string> Ask(string message, string session)
    {
        var body = FleetJson.Write(new { user_message = message, session_id = session, page_origin = "/test" });
        var asked = await http.Ask<JsonElement>(HttpStatusCode.OK, HttpMethod.Post, "/api/paliadin/turn", body);
        var id = asked.GetProperty("turn_id").GetString()!;
        asked.GetProperty("sse_url").GetString().ShouldBe($"/api/paliadin/stream/{id}");
        return id;
    }

    public Task<JsonElement> Get(string path) => http.Get<JsonElement>(path);

    public Task<JsonElement> Turn(string id) => Get($"/api/paliadin/turns/{id}");

    public Task<JsonElement> Recover(string id) => Get($"/api/paliadin/turns/{id}/recover");

    /// <summary>The stream, as often as it takes, to the one event that ends it; each event counts when it is whole.</summary>
    /// <param name="seen">Told of each event.</param>
    public async Task<List<JournalEvent>> Follow(string id, Func<JournalEvent, Task>? seen = null)
    {
        var all = new List<JournalEvent>();
        var since = TimeProvider.System.GetTimestamp();
        while (all.Count == 0 || !IsTerminal(all[^1]))
        {
            (TimeProvider.System.GetElapsedTime(since) < Eventually.Patience).ShouldBeTrue("the stream never ends");
            try
            {
                using var answer = await Open(id, all.Count == 0 ? null : all[^1].Id);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    await Task.Delay(200); // as EventSource does, only sooner
                    continue;
                }

                await foreach (var happened in (await answer.Content.ReadAsStreamAsync()).Events())
                {
                    if (happened.Type == "ping")
                        continue;
                    all.Add(happened);
                    if (seen is not null)
                        await seen(happened);
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                await Task.Delay(200);
            }
        }

        return all;
    }

    /// <summary>Reads so many bytes of the stream, and goes away.</summary>
    public async Task<(List<JournalEvent> Events, int Bytes)> Cut(string id, int bytes)
    {
        using var answer = await Open(id, after: null);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[bytes];
        var read = await stream.ReadAtLeastAsync(buffer, bytes, throwOnEndOfStream: false);
        return ([.. new EventParser().Read(buffer.AsMemory(0, read))], read);
    }

    /// <summary>What follows an event of a turn that is over.</summary>
    public async Task<List<JournalEvent>> Rest(string id, long? after)
    {
        using var answer = await Open(id, after);
        return answer.StatusCode == HttpStatusCode.NoContent
            ? []
            : await (await answer.Content.ReadAsStreamAsync()).Events().ToListAsync();
    }

    public static bool IsTerminal(JournalEvent happened) => happened.Type is "end" or "error";

    public static string TextOf(IEnumerable<JournalEvent> events) =>
        string.Concat(events.Where(one => one.Type == "content").Select(one => one.Text("delta") ?? one.Text("text")));

    private Task<HttpResponseMessage> Open(string id, long? after) =>
        http.Follow($"/api/paliadin/stream/{id}", after?.ToString(CultureInfo.InvariantCulture));
}
