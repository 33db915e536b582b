using Fleet.Contracts.Attempts;

namespace Fleet.Worker.Platform.InHand;

/// <summary>
/// Every attempt that is accepted and whose end is not yet confirmed: heartbeats renew the leases of these. It also
/// remembers what came before, because every command may arrive twice.
/// </summary>
internal sealed class WorkInHand
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, AttemptInWork> _inHand = [];
    private readonly RecentKeys _accepted = new();
    private readonly RecentKeys _stoppedBefore = new();
    private TaskCompletionSource? _emptied;
    private long _count;

    /// <summary>How many attempts were accepted since the start.</summary>
    public long Accepted => Interlocked.Read(ref _count);

    /// <summary>
    /// Null when the attempt was accepted before, or must not start: see <see cref="StoppedBefore"/>.
    /// </summary>
    public AttemptInWork? Accept(AttemptKey key)
    {
        lock (_gate)
        {
            if (_stoppedBefore.Contains(key) || !_accepted.Add(key))
                return null;
            Interlocked.Increment(ref _count);
            return _inHand[key] = new AttemptInWork(key);
        }
    }

    /// <summary>Whether a stop overtook the command to run it.</summary>
    public bool StoppedBefore(AttemptKey key)
    {
        lock (_gate)
            return _stoppedBefore.Contains(key);
    }

    /// <summary>False when the attempt never arrived here: then it will not start when it does.</summary>
    public bool Stop(AttemptKey key, StopReason reason, TimeSpan grace)
    {
        AttemptInWork? attempt;
        lock (_gate)
        {
            if (!_inHand.TryGetValue(key, out attempt) && !_accepted.Contains(key))
            {
                _stoppedBefore.Add(key);
                return false;
            }
        }

        attempt?.Stop.Ask(reason, grace);
        return true;
    }

    public IReadOnlyList<AttemptInWork> All()
    {
        lock (_gate)
            return [.. _inHand.Values];
    }

    public IReadOnlyList<AttemptInHand> Names()
    {
        lock (_gate)
            return [.. _inHand.Keys.Select(key => new AttemptInHand(key.WorkId, key.Attempt))];
    }

    /// <summary>Control knows the end of the attempt.</summary>
    public void Release(AttemptKey key)
    {
        AttemptInWork? attempt;
        lock (_gate)
        {
            if (_inHand.Remove(key, out attempt) && _inHand.Count == 0)
                _emptied?.TrySetResult();
        }

        attempt?.Confirm();
    }

    /// <summary>Completes when the end of everything in hand is confirmed.</summary>
    public Task Empty()
    {
        lock (_gate)
        {
            if (_inHand.Count == 0)
                return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task;
        }
    }
}
