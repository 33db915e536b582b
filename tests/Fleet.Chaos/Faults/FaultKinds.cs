using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>One way to break a fleet.</summary>
/// <param name="Targets">Whom it can befall; nothing means that it befalls no one process.</param>
/// <param name="LeastSeconds">How long it lasts, at least.</param>
/// <param name="MostSeconds">At most.</param>
internal sealed record FaultKind(
    string Name, Func<ProcessNames, IReadOnlyList<string>> Targets, double LeastSeconds, double MostSeconds);

/// <summary>All ways, in the order in which they are explained.</summary>
internal static class FaultKinds
{
    private static readonly Func<ProcessNames, IReadOnlyList<string>> _nobody = _ => [];
    private static readonly Func<ProcessNames, IReadOnlyList<string>> _relayed = processes =>
        processes.Controls.Count > 1 ? [.. processes.Workers, processes.Controls[^1]] : processes.Workers;

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        // kill -9, and restart.sh after a while
        new("kill-control", processes => processes.Controls, 0, 3),
        new("kill-edge", processes => processes.Edges, 0, 3),
        new("kill-worker", processes => processes.Workers, 0, 3),
        new("kill-rabbitmq", _ => ["rabbitmq"], 0, 3),
        new("kill-postgres", _ => ["postgres"], 0, 3),
        new("kill-all", _nobody, 0, 0),
        new("restart-postgres", _ => ["postgres"], 0, 3), // immediate mode

        // SIGSTOP for longer than a lease, then SIGCONT
        new("freeze-control", processes => processes.Controls, LeaseTimes.Lease + 2, LeaseTimes.Lease + 6),
        new("freeze-worker", processes => processes.Workers, LeaseTimes.Lease + 2, LeaseTimes.Lease + 6),
        new("freeze-rabbitmq", _ => ["rabbitmq"], LeaseTimes.Lease + 2, 2 * LeaseTimes.Lease),

        new("wipe-broker", _ => ["rabbitmq"], 0, 2),
        new("broker-alarm", _nobody, 6, 12),
        new("full-disk", processes => [processes.Workers[0]], 6, 12),

        // the network between a process and the broker
        new("net-duplicate", _nobody, 8, 15),
        new("net-shuffle", _nobody, 8, 15),
        new("net-stall", _relayed, 5, 2.5 * LeaseTimes.Lease),
        new("net-deaf", _relayed, 5, 2 * LeaseTimes.Lease), // it is heard, and hears nothing
        new("net-mute", _relayed, 5, 2 * LeaseTimes.Lease), // it hears, and is not heard
        new("net-reset", _nobody, 3, 8),
        new("net-half-open", _relayed, 5, 15),
        new("partition", processes => [processes.Workers[^1]], 5, 2.5 * LeaseTimes.Lease),

        new("poison-job", _nobody, 0, 0),
        new("malformed", _nobody, 1, 2),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];
}
