using MassTransit.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>Ends both buses of this process and starts them again, with new connections.</summary>
internal sealed class BusRevival(
    IEnumerable<IBusInstance> buses, EndpointStates endpoints, IHostApplicationLifetime host, ILogger<BusRevival> log)
{
    private const int ExitSoftware = 70; // EX_SOFTWARE of sysexits.h

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>False when a bus does not let itself be ended or started.</summary>
    public async Task<bool> Revive(CancellationToken stop)
    {
        try
        {
            await ReviveAll().WaitAsync(2 * Patience, stop);
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

    private async Task ReviveAll()
    {
        endpoints.AllAreOn();
        using var patienceToStop = new CancellationTokenSource(Patience);
        await Task.WhenAll(buses.Select(bus => bus.BusControl.StopAsync(patienceToStop.Token)));
        endpoints.AllAreOver();
        using var patienceToStart = new CancellationTokenSource(Patience);
        await Task.WhenAll(buses.Select(bus => bus.BusControl.StartAsync(patienceToStart.Token)));
    }

    private void Insist()
    {
        host.ApplicationStopped.WaitHandle.WaitOne(2 * Patience);
        Environment.Exit(ExitSoftware);
    }
}
