using System.Globalization;

namespace Fleet.Chaos.Target;

/// <summary>What only whoever owns the broker can do to it.</summary>
internal sealed class BrokerTools(FleetHome home)
{
    private const string Ctl = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    /// <summary>As root the broker runs as its own user, and believes only him.</summary>
    private const string Script =
        """
        data=$1 ctl=$2 node=$3 share=$4
        cd "$data" || exit
        set --
        [ "$(id -u)" != 0 ] || set -- setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups --
        exec "$@" "$ctl" -n "$node" set_vm_memory_high_watermark "$share"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Why the tool cannot be used here; null when it can.</summary>
    public static string? WhyNoTool => File.Exists(Ctl) ? null : $"there is no {Ctl}";

    /// <summary>Deletes all that the broker knows. It must not run.</summary>
    public void Wipe() => Directory.Delete(Path.Combine(Data, "mnesia"), recursive: true);

    /// <summary>Above this share of memory publishers wait.</summary>
    public Task SetMemoryWatermark(double share) => Shell.Run(
        "/bin/sh",
        [
            "-c", Script, "sh", Data, Ctl, $"fleet-{Id}@localhost",
            share.ToString("0.##########", CultureInfo.InvariantCulture),
        ],
        new Dictionary<string, string>
        {
            ["HOME"] = Data,
            ["ERL_EPMD_PORT"] = Remembered("EPMD_PORT"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["LANG"] = "C.UTF-8",
        },
        Patience);

    private string Data => Directory.ResolveLinkTarget(home.In("data", "rabbitmq"), returnFinalTarget: true)?.FullName
        ?? home.In("data", "rabbitmq");

    private string Id => File.ReadAllText(home.In(".fleet-home")).Trim();

    private string Remembered(string name) =>
        File.ReadLines(home.In("run", "env"))
            .Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];
}
