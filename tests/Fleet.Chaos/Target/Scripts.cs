using System.Globalization;

namespace Fleet.Chaos.Target;

/// <summary>The project's own scripts, told about one home.</summary>
internal sealed class Scripts(ChaosPlace place, ChaosPorts ports, ChaosOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Commands that one agent runs at once.</summary>
    private const int Slots = 12;

    /// <summary>Starts what does not run.</summary>
    public Task<string> Up() => Run("up.sh");

    /// <summary>Starts one process again, however it ended, and returns when it is ready.</summary>
    public Task<string> Restart(string process) => Run("restart.sh", process);

    private Task<string> Run(string script, params string[] arguments) =>
        Shell.Run(Path.Combine(Checkout.Root, "compose", script), arguments, Settings(), Patience);

    private Dictionary<string, string> Settings() => new()
    {
        ["PATH"] = $"{place.Shims}:{Environment.GetEnvironmentVariable("PATH")}",
        ["FLEET_HOME"] = place.Home.Path,
        ["FLEET_USER"] = "root", // where root calls: nobody else enters a network namespace, and one agent lives in one
        ["Worker__RunAs"] = "self", // jobs kill their agents
        ["FLEET_BUILD"] = "0",
        ["FLEET_EDGE_PORT"] = Text(ports.Edge),
        ["FLEET_CONTROL_PORT"] = Text(ports.Control),
        ["FLEET_RABBITMQ_PORT"] = Text(ports.Rabbit),
        ["FLEET_RABBITMQ_UI_PORT"] = Text(ports.RabbitUi),
        ["FLEET_POSTGRES_PORT"] = Text(ports.Postgres),
        ["FLEET_CONTROLS"] = Text(options.Controls),
        ["FLEET_EDGES"] = Text(options.Edges),
        ["FLEET_CONSOLES"] = Text(0),
        ["FLEET_WORKERS"] = Text(options.Workers),
        ["Leases__HeartbeatSeconds"] = Text(LeaseTimes.Heartbeat),
        ["Leases__LeaseSeconds"] = Text(LeaseTimes.Lease),
        ["Leases__AcceptanceSeconds"] = Text(LeaseTimes.Acceptance),
        ["Leases__OfflineSeconds"] = Text(LeaseTimes.Offline),
        ["Leases__ReconcileSeconds"] = Text(LeaseTimes.Reconcile),
        ["Rabbit__PulseSeconds"] = Text(LeaseTimes.Pulse),
        ["Worker__Slots__command"] = Text(Slots),
    };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
