using System.Diagnostics;

namespace Fleet.Chaos.Target;

/// <summary>
/// Takes everything of a run away when it is told to, and also when this process dies: it waits for the end of its
/// input, in a session of its own.
/// </summary>
internal sealed class CleanUp
{
    private const string Watch =
        """
        read -r word
        for pid in "$FLEET_HOME"/run/*.pid; do [ ! -f "$pid" ] || kill -CONT "$(cat "$pid")" 2>/dev/null; done
        if [ -f "$FLEET_HOME/.fleet-home" ]; then
          if [ "$word" = keep ]; then "$0"; else "$0" --purge; fi
        fi
        umount "$CHAOS/disk" 2>/dev/null
        ip netns del "$CHAOS_NETNS" 2>/dev/null
        [ "$word" = keep ] || rm -rf -- "$CHAOS"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private CleanUp(Process process) => _process = process;

    public static CleanUp After(ChaosPlace place)
    {
        var down = Path.Combine(Checkout.Root, "compose", "down.sh");
        var start = Shell.Prepare("setsid", ["--wait", "sh", "-c", Watch, down], new Dictionary<string, string>
        {
            ["FLEET_HOME"] = place.Home.Path,
            ["CHAOS"] = place.Root,
            ["CHAOS_NETNS"] = Island.NamespaceName,
        });
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        return new CleanUp(Process.Start(start)!);
    }

    public async Task Now(bool keep)
    {
        using var process = _process;
        using var enough = new CancellationTokenSource(Patience);
        await process.StandardInput.WriteLineAsync(keep ? "keep" : "purge");
        process.StandardInput.Close();
        await process.WaitForExitAsync(enough.Token);
    }
}
