namespace Fleet.Control.Agents.Socket;

/// <summary>How often each agent may connect: so many times in any minute that begins with one of them.</summary>
internal sealed class ConnectionLimit(SocketSettings settings, SocketClock clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, int Count)> _agents = [];

    public bool TryEnter(string agent)
    {
        lock (_gate)
        {
            var (since, count) = _agents.GetValueOrDefault(agent, (clock.Now, 0));
            if (clock.Since(since) >= Minute)
                (since, count) = (clock.Now, 0);
            if (count >= settings.ConnectionsPerMinute)
                return false;
            _agents[agent] = (since, count + 1);
            return true;
        }
    }
}
