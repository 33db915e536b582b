using System.Diagnostics;
using System.Globalization;

namespace Fleet.Bench.Target;

/// <summary>Stops and starts the agents of this machine's Fleet.</summary>
internal sealed class Workers(FleetHome home)
{
    private string Restart => Path.Combine(home.Root, "compose", "restart.sh");

    /// <summary>Ends every agent with SIGTERM and waits until they are gone.</summary>
    /// <returns>The names of those that ran.</returns>
    public async Task<IReadOnlyList<string>> StopAll(CancellationToken stop)
    {
        var running = home.Processes()
            .Where(process => IsAgent(process.Key))
            .ToList();
        foreach (var (_, pid) in running)
            await Run("kill", ["-TERM", pid.ToString(CultureInfo.InvariantCulture)], stop);
        foreach (var (_, pid) in running)
        {
            while (Lives(pid))
                await Task.Delay(50, stop);
        }

        return [.. running.Select(process => process.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of those that run.</summary>
    public IReadOnlyList<string> Running() =>
        [.. home.Processes().Keys.Where(IsAgent).Order(StringComparer.Ordinal)];

    /// <param name="signal">By its name, such as <c>KILL</c>.</param>
    public Task Signal(string name, string signal, CancellationToken stop) =>
        Run("kill", ["-s", signal, home.Processes()[name].ToString(CultureInfo.InvariantCulture)], stop);

    public Task Start(string name, CancellationToken stop) =>
        // what it starts must not hold the benchmark's own output open
        Run("sh", ["-c", """exec "$0" "$1" >/dev/null 2>&1 </dev/null""", Restart, name], stop);

    private async Task Run(string program, string[] args, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = home.Root };
        start.Environment["FLEET_HOME"] = home.Folder;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}.");
    }

    private static bool IsAgent(string process) => process.StartsWith("worker", StringComparison.Ordinal);

    private static bool Lives(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
