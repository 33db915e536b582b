using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace Fleet.Worker.Platform;

/// <summary>
/// Tells systemd that this process is alive, as often as it asked for in <c>WATCHDOG_USEC</c>: sd_watchdog_enabled(3).
/// The host's own part of the protocol says only when it is ready and when it stops.
/// </summary>
internal sealed class SystemdWatchdog(ISystemdNotifier systemd, ILogger<SystemdWatchdog> log) : BackgroundService
{
    private const string Alive = "WATCHDOG=1";

    private readonly string? _microseconds = Environment.GetEnvironmentVariable("WATCHDOG_USEC");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!systemd.IsEnabled
            || !long.TryParse(_microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds / 3.0));
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Say();
    }

    private void Say()
    {
        try
        {
            systemd.Notify(new ServiceState(Alive));
        }
        catch (SocketException failure)
        {
            log.SystemdNotTold(Alive, failure.Message);
        }
    }
}
