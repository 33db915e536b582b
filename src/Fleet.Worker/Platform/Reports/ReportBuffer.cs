using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Platform.Reports;

/// <summary>Where what is to be reported of all attempts gathers until the next report leaves.</summary>
/// <param name="mostBytes">How much output, and results, one report carries.</param>
internal sealed class ReportBuffer(int mostBytes)
{
    private const int MostAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, PendingReport> _byAttempt = [];
    private readonly Queue<PendingReport> _inOrder = new();

    public void Add(AttemptKey key, Action<PendingReport> note)
    {
        lock (_gate)
        {
            if (!_byAttempt.TryGetValue(key, out var pending))
            {
                pending = _byAttempt[key] = new PendingReport(key);
                _inOrder.Enqueue(pending);
            }

            note(pending);
        }
    }

    /// <summary>
    /// Takes what has gathered, as much as one report carries, oldest first; null when there is nothing.
    /// </summary>
    public Draft? Take()
    {
        lock (_gate)
        {
            if (_inOrder.Count == 0)
                return null;
            var attempts = new List<AttemptReport>();
            var (bytes, outputBytes) = (0, 0L);
            while (attempts.Count < MostAttempts
                && _inOrder.TryPeek(out var pending)
                && (bytes == 0 || bytes + pending.LeastBytes <= mostBytes))
            {
                _inOrder.Dequeue();
                var piece = pending.Take(mostBytes - bytes);
                attempts.Add(piece.Report);
                bytes += piece.OutputBytes + piece.ResultBytes;
                outputBytes += piece.OutputBytes;
                if (pending.HasMore)
                {
                    _inOrder.Enqueue(pending); // the others come first next time
                    break;
                }

                _byAttempt.Remove(pending.Key);
            }

            return new Draft(attempts, outputBytes);
        }
    }

    /// <param name="OutputBytes">Memory that is free again when the report is confirmed.</param>
    internal sealed record Draft(List<AttemptReport> Attempts, long OutputBytes);
}
