using System.Diagnostics;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// Takes a fleet down when it is told to, and also when this process dies: it waits for the end of its input, in a
/// session of its own.
/// </summary>
internal sealed class Guardian
{
    private const string Watch =
        """
        cat >/dev/null
        if [ -f "$FLEET_HOME/.fleet-home" ]; then "$0" --purge >"$FLEET_HOME.log" 2>&1 && rm -f -- "$FLEET_HOME.log"; fi
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly FleetHome _home;

    private Guardian(Process process, FleetHome home) => (_process, _home) = (process, home);

    public static Guardian Over(FleetHome home)
    {
        var down = Path.Combine(Checkout.Root, "compose", "down.sh");
        var settings = new Dictionary<string, string> { ["FLEET_HOME"] = home.Path };
        var start = Shell.Prepare("setsid", ["--wait", "sh", "-c", Watch, down], settings);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        return new Guardian(Process.Start(start)!, home);
    }

    public async Task TakeDown()
    {
        using var process = _process;
        using var enough = new CancellationTokenSource(Patience);
        process.StandardInput.Close();
        await process.WaitForExitAsync(enough.Token);
        var log = $"{_home.Path}.log";
        if (!File.Exists(log))
            return;
        var words = await File.ReadAllTextAsync(log, enough.Token);
        throw new InvalidOperationException($"The fleet was not taken down cleanly:\n{words}");
    }
}
