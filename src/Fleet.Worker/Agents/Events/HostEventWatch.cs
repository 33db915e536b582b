using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents.Events;

/// <summary>Looks who has logged on, whether anybody hears it or not: it is written down, and said until Control has stored it.</summary>
internal sealed class HostEventWatch(
    OwedEvents owed, LogonReader logons, AgentSession session, IOutExchange exchange, WorkerSettings settings, TimeProvider clock,
    ILogger<HostEventWatch> log) : BackgroundService
{
    private const int MostAtOnce = 200;

    private static readonly TimeSpan _rest = TimeSpan.FromMinutes(1);

    private long _asked;

    /// <summary>A broker that is away keeps nobody from looking.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        owed.Open();
        await Task.WhenAll(
            Again(Look, () => Task.Delay(TimeSpan.FromSeconds(settings.Logons.LookSeconds), clock, stoppingToken), stoppingToken),
            Again(Tell, () => UntilMore(stoppingToken), stoppingToken));
    }

    private async Task Look(CancellationToken stop)
    {
        if (await logons.Read(stop) is { } present)
            owed.See(present);
    }

    private async Task Tell(CancellationToken stop)
    {
        if (!session.Known.IsCompleted || owed.Owed(MostAtOnce) is not { Count: > 0 } events)
            return;
        if (session.Welcome.HearsEvents)
            await exchange.Send(new HostEventsSeen(session.Agent, session.Id, events), Guid.CreateVersion7(), stop);
        else
            AskAgain();
    }

    /// <summary>Control may be a version by now that hears them.</summary>
    private void AskAgain()
    {
        if (_asked != 0 && clock.GetElapsedTime(_asked) < _rest)
            return;
        _asked = clock.GetTimestamp();
        session.RegistrationDue.Raise();
    }

    /// <summary>What goes wrong is logged once, until it goes well or otherwise wrong.</summary>
    private async Task Again(Func<CancellationToken, Task> step, Func<Task> pause, CancellationToken stop)
    {
        for (string? trouble = null; !stop.IsCancellationRequested; await pause().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
        {
            try
            {
                await step(stop);
                trouble = null;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                if (trouble != failure.Message)
                    log.EventsNotTold(failure.Message);
                trouble = failure.Message;
            }
        }
    }

    /// <summary>What is owed is said again when nobody has answered.</summary>
    private async Task UntilMore(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var passed = Task.Delay(TimeSpan.FromSeconds(settings.ReportPatienceSeconds), clock, over.Token);
        await Task.WhenAny(passed, owed.Changed.Wait(over.Token), session.Known.IsCompleted ? passed : session.Known);
        await over.CancelAsync();
    }
}
