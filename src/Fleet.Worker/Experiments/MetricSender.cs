using System.Threading.Channels;
using Fleet.Contracts.Experiments;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Experiments;

/// <summary>
/// Brings what a run measures to Control: while one batch is on its way, the next gathers. Batches are numbered, so one that is
/// sent twice counts once.
/// </summary>
internal sealed class MetricSender : IDisposable
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 5000;

    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Channel<MetricPoint> _waiting = Channel.CreateBounded<MetricPoint>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly CancellationTokenSource _enough = new();
    private readonly SnapshotClient _client;
    private readonly AttemptKey _run;
    private readonly TimeProvider _clock;
    private readonly Task _hurry;
    private readonly Task<bool> _sending;
    private volatile bool _left;

    /// <param name="hurry">From then on nobody waits for room: the run is to end, also where Control is away.</param>
    public MetricSender(SnapshotClient client, AttemptKey run, Task hurry, TimeProvider clock)
    {
        (_client, _run, _hurry, _clock) = (client, run, hurry, clock);
        _sending = Task.Run(Send);
    }

    /// <summary>Waits while very many wait already.</summary>
    public async ValueTask Add(Measurement value)
    {
        var point = new MetricPoint(value.Name, value.Value, value.Step, _clock.GetUtcNow());
        while (!_waiting.Writer.TryWrite(point))
        {
            if (_sending.IsCompleted || _hurry.IsCompleted)
            {
                _left = true;
                return;
            }

            await Task.WhenAny(_waiting.Writer.WaitToWriteAsync().AsTask(), _sending, _hurry);
        }
    }

    /// <summary>Returns whether all of it is stored, or nobody wants it any more.</summary>
    /// <param name="patience">How long Control may be away.</param>
    public async Task<bool> End(TimeSpan patience)
    {
        _waiting.Writer.TryComplete();
        _enough.CancelAfter(patience);
        return await _sending && !_left;
    }

    public void Dispose() => _enough.Dispose();

    private async Task<bool> Send()
    {
        var points = new List<MetricPoint>();
        for (var number = 1L; await _waiting.Reader.WaitToReadAsync(); number++)
        {
            points.Clear();
            while (points.Count < MostAtOnce && _waiting.Reader.TryRead(out var point))
                points.Add(point);
            if (await Deliver(new MetricBatch(number, points)) is not { } isStored)
                return true;
            if (!isStored)
                return false;
            await Task.Delay(_between, _clock, _enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    /// <summary>Null where nobody wants it any more; false where the patience was over first.</summary>
    private async Task<bool?> Deliver(MetricBatch batch)
    {
        while (true)
        {
            try
            {
                if (await _client.Measured(_run, batch, _enough.Token) is not false and var answer)
                    return answer;
                await Task.Delay(_pause, _clock, _enough.Token);
            }
            catch (Exception away) when (away is HttpRequestException or TimeoutException && !_enough.IsCancellationRequested)
            {
                await Task.Delay(_pause, _clock, _enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (InvalidDataException)
            {
                return false; // the end of the run says that it is lost
            }
            catch (Exception) when (_enough.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
