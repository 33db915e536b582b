using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Worker.Platform;

/// <summary>
/// Tells systemd how this process is, where it asked to be told: sd_notify(3), over the datagram socket that
/// <c>NOTIFY_SOCKET</c> names, and the watchdog's interval in microseconds in <c>WATCHDOG_USEC</c>.
/// </summary>
internal sealed class Systemd(IHostApplicationLifetime host, ILogger<Systemd> log) : BackgroundService
{
    private readonly string? _socket = Take("NOTIFY_SOCKET");
    private readonly string? _watchdog = Take("WATCHDOG_USEC");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(_socket))
            return;
        await using var started = host.ApplicationStarted.Register(() => Say("READY=1"));
        await using var stopping = host.ApplicationStopping.Register(() => Say("STOPPING=1"));
        if (!long.TryParse(_watchdog, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
        {
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds / 3.0));
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Say("WATCHDOG=1");
    }

    /// <summary>No child process has anything to say to systemd.</summary>
    private static string? Take(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }

    private void Say(string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            var address = _socket!.StartsWith('@') ? "\0" + _socket[1..] : _socket; // abstract names
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException failure)
        {
            log.SystemdNotTold(state, failure.Message);
        }
    }
}
