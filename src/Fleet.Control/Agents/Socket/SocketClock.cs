namespace Fleet.Control.Agents.Socket;

/// <summary>What connections of agents count their time by.</summary>
internal sealed record SocketClock(TimeProvider Time)
{
    public long Now => Time.GetTimestamp();

    public TimeSpan Since(long then) => Time.GetElapsedTime(then);

    public Task Wait(double seconds, CancellationToken stop) => Task.Delay(TimeSpan.FromSeconds(seconds), Time, stop);
}
