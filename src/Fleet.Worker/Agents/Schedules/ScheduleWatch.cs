using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents.Schedules;

/// <summary>
/// Fires the schedules that this agent holds, whether anybody hears it or not: what is due is written down, and said until Control has
/// stored it.
/// </summary>
internal sealed class ScheduleWatch(
    HeldSchedules held, AgentSession session, IOutExchange exchange, WorkerSettings settings, TimeProvider clock,
    ILogger<ScheduleWatch> log) : BackgroundService
{
    private const int MostAtOnce = 500;

    /// <summary>A clock may be set meanwhile.</summary>
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

    private volatile bool _isTold;
    private volatile bool _wasTold; // this process: what is in the file may be over soon

    /// <summary>Control told of schedules: it hears which ones are held, also where these are the same.</summary>
    public void SayAgain()
    {
        (_wasTold, _isTold) = (true, false);
        held.Changed.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        held.Open();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.FromSeconds(settings.ReportPatienceSeconds);
            try
            {
                var next = held.Look();
                if (session.Known.IsCompleted)
                    await Tell(stoppingToken);
                pause = PauseUntil(next);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.SchedulesNotTold(failure.Message);
            }

            await Pause(pause, stoppingToken);
        }
    }

    private async Task Tell(CancellationToken stop)
    {
        if (!_isTold)
        {
            _isTold = true; // first: what is told to this agent meanwhile is said again
            var version = _wasTold ? held.Version : 0;
            await Say(new SchedulesHeld(session.Agent, session.Id, version, clock.GetUtcNow()), stop);
        }

        if (held.Owed(MostAtOnce) is { Count: > 0 } owed)
            await exchange.Send(new SchedulesFired(session.Agent, session.Id, owed), Guid.CreateVersion7(), stop);
    }

    private async Task Say(SchedulesHeld what, CancellationToken stop)
    {
        try
        {
            await exchange.Send(what, Guid.CreateVersion7(), stop);
        }
        catch
        {
            _isTold = false;
            throw;
        }
    }

    /// <summary>What is owed is said again when nobody has answered.</summary>
    private TimeSpan PauseUntil(DateTimeOffset? next)
    {
        var pause = held.Owed(1).Count > 0 ? TimeSpan.FromSeconds(settings.ReportPatienceSeconds) : _longestPause;
        if (next - clock.GetUtcNow() is { } left && left < pause)
            pause = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return pause < _longestPause ? pause : _longestPause;
    }

    private async Task Pause(TimeSpan longest, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var passed = Task.Delay(longest, clock, over.Token);
        await Task.WhenAny(passed, held.Changed.Wait(over.Token), session.Known.IsCompleted ? passed : session.Known);
        await over.CancelAsync();
    }
}
