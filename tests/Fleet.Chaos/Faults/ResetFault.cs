using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>Again and again, every connection to the broker is reset.</summary>
internal sealed class ResetFault(Links links) : IFault
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private volatile bool _isOver;
    private Task _resetting = Task.CompletedTask;

    public Task Begin(CancellationToken stop)
    {
        _resetting = Reset(stop);
        return Task.CompletedTask;
    }

    public Task End(CancellationToken stop)
    {
        _isOver = true;
        return _resetting;
    }

    private async Task Reset(CancellationToken stop)
    {
        while (!_isOver)
        {
            foreach (var relay in links.All)
                relay.Reset();
            await Task.Delay(Between, stop);
        }
    }
}
