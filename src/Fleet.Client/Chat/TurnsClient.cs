using System.Runtime.CompilerServices;
using Fleet.Client.Http;
using Fleet.Client.Work;

namespace Fleet.Client.Chat;

/// <summary>Turns: <c>/v1/turns</c>.</summary>
public sealed class TurnsClient
{
    private readonly FleetHttp _http;

    internal TurnsClient(FleetHttp http) => _http = http;

    /// <summary>One page, newest first, of the turns that the key asked.</summary>
    public Task<Page<Turn>> ListPage(string? filter = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        _http.Get<Page<Turn>>(Query.With("/v1/turns", ("filter", filter), ("limit", limit), ("cursor", cursor)), stop);

    public Task<Turn> Show(string turnId, CancellationToken stop = default) => _http.Get<Turn>(Of(turnId), stop);

    public Task<Turn> Cancel(string turnId, CancellationToken stop = default) =>
        _http.Post<Turn>($"{Of(turnId)}/cancellation", null, stop);

    /// <summary>Why a turn is where it is.</summary>
    public Task<Explanation> Explain(string turnId, CancellationToken stop = default) =>
        _http.Get<Explanation>($"{Of(turnId)}/explain", stop);

    /// <summary>Another answer to the same question.</summary>
    public Task<Turn> Regenerate(string turnId, CancellationToken stop = default) =>
        _http.Post<Turn>($"{Of(turnId)}/regenerate", null, stop);

    /// <summary>The journal up to its end, taken up again by itself where a connection is lost.</summary>
    public async IAsyncEnumerable<TurnEvent> Events(
        string turnId, long after = 0, Action<string>? interrupted = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var stream = new EventStream<TurnEvent>(_http, $"{Of(turnId)}/events", TurnEvent.Parse);
        await foreach (var (id, _, data) in stream.Read(EventNumber.Id(after), interrupted, stop))
            yield return data with { Seq = EventNumber.Of(id) };
    }

    private static string Of(string turnId) => $"/v1/turns/{Query.Part(turnId)}";
}
