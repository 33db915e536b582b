using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>Replaces the bus that publishes, or ends the one that consumes and starts it again.</summary>
internal sealed class BusRevival(
    IBusControl consuming,
    PublishBusRenewal publishing,
    EndpointStates endpoints,
    IHostApplicationLifetime host,
    ILogger<BusRevival> log)
{
    private const int ExitSoftware = 70; // EX_SOFTWARE of sysexits.h

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>False when a bus does not let itself be ended or started.</summary>
    /// <param name="sends">Sending works: it is the other bus that is dead.</param>
    public async Task<bool> Revive(bool sends, CancellationToken stop)
    {
        try
        {
            await (sends ? Restart() : publishing.Renew(stop)).WaitAsync(2 * Patience, stop);
            log.Revived();
            return true;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.NotRevived(failure.Message);
            return false;
        }
    }

    /// <summary>Ends the process, whatever hangs.</summary>
    public void GiveUp()
    {
        log.GivingUp();
        Environment.ExitCode = ExitSoftware;
        host.StopApplication();
        new Thread(Insist) { IsBackground = true, Name = "exit" }.Start();
    }

    private async Task Restart()
    {
        endpoints.AllAreOn();
        using var patienceToStop = new CancellationTokenSource(Patience);
        await consuming.StopAsync(patienceToStop.Token);
        endpoints.AllAreOver();
        using var patienceToStart = new CancellationTokenSource(Patience);
        await consuming.StartAsync(patienceToStart.Token);
    }

    private void Insist()
    {
        host.ApplicationStopped.WaitHandle.WaitOne(2 * Patience);
        Environment.Exit(ExitSoftware);
    }
}
