using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Fleet.Worker.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Platform;

public class SystemdTests
{
    private const string Analyze = "/usr/bin/systemd-analyze";

    [Fact]
    public async Task Systemd_hears_when_the_worker_is_ready_alive_and_stopping()
    {
        var directory = Directory.CreateTempSubdirectory("fleet-systemd-").FullName;
        var path = Path.Combine(directory, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", path);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "90000");
        var systemd = new SystemdNotifier();
        using var watchdog = new SystemdWatchdog(systemd, NullLogger<SystemdWatchdog>.Instance);
        var host = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using var lifetime = new SystemdLifetime(new HostingEnvironment(), host, systemd, NullLoggerFactory.Instance);
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", null);
        await lifetime.WaitForStartAsync(default);
        await watchdog.StartAsync(default);
        host.NotifyStarted();
        await Said(socket, "READY=1");
        await Said(socket, "WATCHDOG=1");
        await Said(socket, "WATCHDOG=1");
        host.StopApplication();
        await Said(socket, "STOPPING=1");
        await watchdog.StopAsync(default);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Without_systemd_nothing_is_said()
    {
        var services = new ServiceCollection();
        services.AddSystemdService();
        services.ShouldBeEmpty();
        using var watchdog = new SystemdWatchdog(new SystemdNotifier(), NullLogger<SystemdWatchdog>.Instance);
        await watchdog.StartAsync(default);
        await watchdog.ExecuteTask!.Within();
    }

    /// <summary>By systemd's own program, whose words are the message.</summary>
    [Fact]
    public async Task Systemd_accepts_the_unit()
    {
        var unit = await File.ReadAllTextAsync(Path.Combine(Checkout(), "compose", "fleet-worker.service"));
        unit.ShouldContain("Type=notify");
        unit.ShouldContain("WatchdogSec=");
        unit.ShouldContain("ProtectSystem=strict");
        unit.ShouldContain("NoNewPrivileges=yes");
        File.Exists(Analyze).ShouldBeTrue($"{Analyze} is missing: install the package systemd, or run ./compose/test.sh");
        var directory = Directory.CreateTempSubdirectory("fleet-unit-").FullName;
        var copy = Path.Combine(directory, "fleet-worker.service");
        await File.WriteAllTextAsync(copy, unit.Replace("/opt/fleet-worker/start", Environment.ProcessPath, StringComparison.Ordinal));
        var (code, words) = await Run(Analyze, "verify", copy);
        (code, words).ShouldBe((0, ""));
        Directory.Delete(directory, recursive: true);
    }

    private static async Task Said(Socket socket, string expected)
    {
        var buffer = new byte[100];
        string said;
        do
        {
            said = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer).Within());
        }
        while (said == "WATCHDOG=1" && expected != said);
        said.ShouldBe(expected);
    }

    private static async Task<(int Code, string Words)> Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var words = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, words);
    }

    private static string Checkout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
