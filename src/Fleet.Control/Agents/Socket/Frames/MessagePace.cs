namespace Fleet.Control.Agents.Socket.Frames;

/// <summary>How fast the messages of one agent are read: as many at once as it may send in a second, then one by one.</summary>
internal sealed class MessagePace(SocketSettings settings, SocketClock clock)
{
    private double _left = settings.MessagesPerSecond;
    private long _at = clock.Now;

    /// <summary>Returns when the next message may be read.</summary>
    public async ValueTask Take(CancellationToken stop)
    {
        Refill();
        if (_left < 1)
        {
            await clock.Wait((1 - _left) / settings.MessagesPerSecond, stop);
            Refill();
        }

        _left -= 1;
    }

    private void Refill()
    {
        var now = clock.Now;
        _left = Math.Min(
            settings.MessagesPerSecond,
            _left + (clock.Time.GetElapsedTime(_at, now).TotalSeconds * settings.MessagesPerSecond));
        _at = now;
    }
}
