using Fleet.Contracts.Agents;

namespace Fleet.Worker.Platform;

/// <summary>Where the news of all attempts gathers until the next report leaves.</summary>
/// <param name="mostBytes">How much output, and results, one report carries.</param>
internal sealed class NewsBoard(int mostBytes)
{
    private const int MostAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, AttemptNews> _byAttempt = [];
    private readonly Queue<AttemptNews> _inOrder = new();

    public void Add(AttemptKey key, Action<AttemptNews> note)
    {
        lock (_gate)
        {
            if (!_byAttempt.TryGetValue(key, out var news))
            {
                news = _byAttempt[key] = new AttemptNews(key);
                _inOrder.Enqueue(news);
            }

            note(news);
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
                && _inOrder.TryPeek(out var news)
                && (bytes == 0 || bytes + news.LeastBytes <= mostBytes))
            {
                _inOrder.Dequeue();
                var piece = news.Take(mostBytes - bytes);
                attempts.Add(piece.Report);
                bytes += piece.OutputBytes + piece.ResultBytes;
                outputBytes += piece.OutputBytes;
                if (news.HasMore)
                {
                    _inOrder.Enqueue(news); // the others come first next time
                    break;
                }

                _byAttempt.Remove(news.Key);
            }

            return new Draft(attempts, outputBytes);
        }
    }

    /// <param name="OutputBytes">Memory that is free again when the report is confirmed.</param>
    internal sealed record Draft(List<AttemptReport> Attempts, long OutputBytes);
}
