using System.Net;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Load;

/// <summary>
/// Follows one job as a browser does: whenever the stream ends, by itself or by the other side, it comes back with the
/// last id it has seen, over the next edge.
/// </summary>
internal sealed class Watcher(Api api, string jobId, Random random)
{
    private const int ReadBytes = 4096;
    private const int LongestCut = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly List<long> _seen = [];
    private string? _lastEventId;
    private int _fruitless;

    /// <summary>Numbers of all entries, as they came.</summary>
    public IReadOnlyList<long> Seen => _seen;

    public int Connections { get; private set; }

    /// <summary>Whether it was told that nothing follows.</summary>
    public bool IsDone { get; private set; }

    /// <summary>An answer that a watcher should never get.</summary>
    public string? Wrong { get; private set; }

    public async Task Watch(CancellationToken stop)
    {
        while (!IsDone && Wrong is null && !stop.IsCancellationRequested)
        {
            try
            {
                await Connect(stop);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                // it comes back
            }
            catch (Exception unexpected)
            {
                Wrong = $"{unexpected.GetType().Name} after {_lastEventId}: {unexpected.Message}";
            }

            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Connect(CancellationToken stop)
    {
        Connections++;
        using var answer = await api.Watch(jobId, _lastEventId, stop);
        if (answer.StatusCode == HttpStatusCode.NoContent)
            IsDone = true;
        else if (answer.StatusCode == HttpStatusCode.OK)
            await Read(await answer.Content.ReadAsStreamAsync(stop), NextCut(), stop);
        else if (!Api.MayPass(answer.StatusCode))
            Wrong = $"{answer.StatusCode} after {_lastEventId}: {await answer.Content.ReadAsStringAsync(stop)}";
    }

    /// <summary>Bytes until it leaves; more when the last did not hold one whole event, which may be large.</summary>
    private int NextCut() => random.Next(100, LongestCut) << Math.Min(_fruitless++, 10);

    private async Task Read(Stream stream, int cut, CancellationToken stop)
    {
        var parser = new EventParser();
        var buffer = new byte[ReadBytes];
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        for (int read; cut > 0; cut -= read)
        {
            silence.CancelAfter(TimeSpan.FromSeconds(40)); // a comment comes every 15 s
            if ((read = await stream.ReadAsync(buffer, silence.Token)) == 0)
                return;
            foreach (var happened in parser.Read(buffer.AsMemory(0, read)))
            {
                _fruitless = 0;
                _seen.Add(happened.Id);
            }

            _lastEventId = parser.LastEventId ?? _lastEventId;
        }
    }
}
