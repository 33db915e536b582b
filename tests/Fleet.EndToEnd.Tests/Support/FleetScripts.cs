using System.Diagnostics;
using System.Globalization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The project's own scripts, told about one home. They run what the last build has made.</summary>
/// <param name="others">Settings that its processes get beside the usual ones.</param>
internal sealed class FleetScripts(
    FleetHome home, FleetPorts ports, int controls, IReadOnlyDictionary<string, string> others)
{
    public const string Wide = "worker-1";
    public const string Narrow = "worker-2";

    /// <summary>Commands that the usual agent runs at once; the other one runs one at a time.</summary>
    public const int WideSlots = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private int _workers;

    public FleetPorts Ports => ports;

    /// <summary>Starts what does not run, with so many agents.</summary>
    /// <param name="starting">The agent whose settings those have that are started.</param>
    public Task<string> Up(int workers, string starting)
    {
        _workers = workers;
        return Run("up.sh", starting);
    }

    /// <summary>Starts one process again, however it ended.</summary>
    public Task<string> Restart(string process) => Run("restart.sh", process, process);

    /// <summary>The command that makes another host an agent, and words around it.</summary>
    public Task<string> Enrol(string agent) => Run("enrol.sh", Wide, agent);

    /// <summary>Lines of a shell, as somebody types them in the checkout who has a fleet of these settings.</summary>
    public Task<string> Type(string lines, IReadOnlyDictionary<string, string> settings) => Shell.Run(
        "bash", ["-ec", $"cd '{Checkout.Root}'\n{lines}"], new Dictionary<string, string>(Settings(Wide).Concat(settings)), Patience);

    /// <summary>Ends a process as the kernel would: nothing of it runs on. Returns when it is gone.</summary>
    public async Task Kill(string process)
    {
        var pid = home.Pid(process);
        using (var running = Process.GetProcessById(pid))
            running.Kill();
        await Eventually.True(() => !ProcFile.IsAlive(pid), $"{process} is gone");
    }

    /// <summary>Sends a signal by its name, such as <c>STOP</c>.</summary>
    public Task Signal(string process, string signal) => Shell.Run(
        "kill", ["-s", signal, Text(home.Pid(process))], new Dictionary<string, string>(), Patience);

    /// <summary>Tells the broker something, as an operator at its machine would.</summary>
    public Task<string> RabbitCtl(params string[] words) => Shell.Run(
        "rabbitmqctl",
        [
            "--erlang-cookie", File.ReadAllText(home.In("data", "rabbitmq", ".erlang.cookie")),
            "-n", $"fleet-{File.ReadAllText(home.In(".fleet-home")).Trim()}@localhost", .. words,
        ],
        new Dictionary<string, string> { ["ERL_EPMD_PORT"] = home.Setting("EPMD_PORT"), ["ERL_EPMD_ADDRESS"] = "127.0.0.1" },
        Patience);

    private async Task<string> Run(string script, string starting, params string[] arguments)
    {
        var path = Path.Combine(Checkout.Root, "compose", script);
        return await Shell.Run(path, arguments, Settings(starting), Patience);
    }

    private Dictionary<string, string> Settings(string starting) => new(others)
    {
        ["FLEET_HOME"] = home.Path,
        ["FLEET_BUILD"] = "0",
        ["FLEET_EDGE_PORT"] = Text(ports.Edge),
        ["FLEET_CONTROL_PORT"] = Text(ports.Control),
        ["FLEET_RABBITMQ_PORT"] = Text(ports.Rabbit),
        ["FLEET_RABBITMQ_UI_PORT"] = Text(ports.RabbitUi),
        ["FLEET_POSTGRES_PORT"] = Text(ports.Postgres),
        ["FLEET_CONTROLS"] = Text(controls),
        ["FLEET_EDGES"] = others.GetValueOrDefault("FLEET_EDGES", "1"),
        ["FLEET_CONSOLES"] = others.GetValueOrDefault("FLEET_CONSOLES", "0"),
        ["FLEET_WORKERS"] = Text(_workers),
        ["Worker__Slots__command"] = Text(starting == Narrow ? 1 : WideSlots),
        ["Worker__Labels__size"] = starting == Narrow ? "narrow" : "wide",
        ["Worker__Labels__site"] = "here",
        ["Worker__Logons__Source"] = home.Logons,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
