using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Fleet.Client.Http;

/// <summary>
/// Server-sent events up to their end, if they have one, over as many connections as it takes: each goes on behind the last
/// event that arrived, so that none comes twice and none is missing.
/// </summary>
internal sealed class EventStream<T>(FleetHttp http, string path, Func<string, ReadOnlySpan<byte>, T> parse)
{
    private const string Last = "end";

    private readonly FleetClientOptions _options = http.Options;

    /// <param name="after">The id of the last event that is known already; null is from the beginning.</param>
    /// <param name="interrupted">Told when a connection was lost, with the reason.</param>
    public async IAsyncEnumerable<(string Id, string Type, T Data)> Read(
        string? after, Action<string>? interrupted, [EnumeratorCancellation] CancellationToken stop)
    {
        var pauses = new Pauses(_options);
        var heard = _options.Clock.GetTimestamp();
        while (true)
        {
            string? trouble = null;
            using var answer = await Connect(after, stop);
            if (answer.Answer is not { } open)
            {
                trouble = answer.Trouble;
            }
            else if (open.StatusCode == HttpStatusCode.NoContent)
            {
                yield break; // all of it is known already
            }
            else
            {
                await using var body = new QuietStream(await open.Content.ReadAsStreamAsync(stop), _options.StreamSilence, _options.Clock);
                var parser = SseParser.Create(body, (type, data) => parse(type, data));
                await using var events = parser.EnumerateAsync(stop).GetAsyncEnumerator(stop);
                while (await Next(events) is { } next)
                {
                    if (next.Trouble is not null)
                    {
                        trouble = next.Trouble;
                        break;
                    }

                    var ended = events.Current.EventType == Last;
                    pauses.Reset();
                    after = events.Current.EventId is { Length: > 0 } id ? id : after;
                    yield return (after ?? "", events.Current.EventType, events.Current.Data);
                    if (ended)
                        yield break;
                }

                after = parser.LastEventId is { Length: > 0 } last ? last : after; // also one that came without an event
                heard = _options.Clock.GetTimestamp();
                trouble ??= "the stream ended early";
            }

            if (_options.Clock.GetElapsedTime(heard) > _options.StreamPatience)
                throw new FleetUnreachableException(_options.Url, trouble!, null);
            interrupted?.Invoke(trouble!);
            await pauses.Wait(answer.RetryAfter, stop);
        }
    }

    private async Task<Connection> Connect(string? after, CancellationToken stop)
    {
        try
        {
            var answer = await http.Open(path, "text/event-stream", after, stop);
            if (!Pauses.IsPassing(answer.StatusCode))
                return new Connection(MustBeEvents(await FleetHttp.Accept(answer, stop)), null, null);
            using (answer)
                return new Connection(null, $"the answer was {(int)answer.StatusCode}", answer.Headers.RetryAfter);
        }
        catch (HttpRequestException lost)
        {
            return new Connection(null, lost.Message, null);
        }
    }

    private static HttpResponseMessage MustBeEvents(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.NoContent || answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return answer;
        using (answer)
            throw new FleetException(answer.StatusCode, "http_error", "The answer is no stream of events.");
    }

    /// <returns>Null at the end of the stream.</returns>
    private static async Task<Step?> Next(IAsyncEnumerator<SseItem<T>> events)
    {
        try
        {
            return await events.MoveNextAsync() ? new Step(null) : null;
        }
        catch (Exception lost) when (lost is IOException or HttpRequestException)
        {
            return new Step(lost.Message);
        }
        catch (JsonException wrong)
        {
            throw new FleetException(HttpStatusCode.OK, "http_error", $"An event cannot be read: {wrong.Message}");
        }
    }

    private sealed record Step(string? Trouble);

    private sealed record Connection(
        HttpResponseMessage? Answer, string? Trouble, System.Net.Http.Headers.RetryConditionHeaderValue? RetryAfter) : IDisposable
    {
        public void Dispose() => Answer?.Dispose();
    }
}
