using System.Runtime.CompilerServices;
using Fleet.Client.Http;

namespace Fleet.Client.Events;

/// <summary>All that changes: <c>/v1/events</c>.</summary>
public sealed class EventsClient
{
    private readonly FleetHttp _http;

    internal EventsClient(FleetHttp http) => _http = http;

    /// <summary>
    /// Every change of work, agents, schedules and alerts that the key may see, each once, without an end; taken up again by itself
    /// where a connection is lost.
    /// </summary>
    /// <param name="kinds">Families or kinds, as <c>job,agent</c>; null is all.</param>
    /// <param name="after">The id of the last event that is known already; null begins now.</param>
    /// <param name="interrupted">Told each time a connection is lost, with the reason.</param>
    public async IAsyncEnumerable<FleetEvent> Follow(
        string? kinds = null, string? after = null, Action<string>? interrupted = null,
        [EnumeratorCancellation] CancellationToken stop = default)
    {
        var stream = new EventStream<FleetEvent>(_http, Query.With("/v1/events", ("kind", kinds)), FleetEvent.Parse);
        await foreach (var (id, _, data) in stream.Read(after, interrupted, stop))
            yield return data with { Id = id };
    }
}
