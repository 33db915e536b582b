using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace Fleet.Chaos.Target;

/// <summary>
/// A network namespace with one link to this machine, for one agent. When the link is down packets vanish, as they do
/// when a cable is cut: no end of connection is told to anybody.
/// </summary>
internal sealed class Island
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Net = $"10.231.{ChaosPlace.Tag % 250}.{ChaosPlace.Tag / 250 % 64 * 4}";

    private readonly string _link;

    private Island(string link) => _link = link;

    public static string NamespaceName { get; } = $"fleet{ChaosPlace.Tag}";

    /// <summary>This machine, as the island sees it.</summary>
    public static IPAddress Shore { get; } = Host(1);

    /// <summary>What a process of the island is started by.</summary>
    public static string Prefix => $"ip netns exec {NamespaceName}";

    /// <summary>Null, with the reason, where the machine or the user does not allow it.</summary>
    public static async Task<(Island? Island, string Reason)> Raise()
    {
        var (here, there) = ($"fh{ChaosPlace.Tag}", $"fi{ChaosPlace.Tag}");
        try
        {
            await Ip($"netns add {NamespaceName}");
            await Ip($"link add {here} type veth peer name {there} netns {NamespaceName}");
            await Ip($"addr add {Host(1)}/30 dev {here}");
            await Ip($"link set {here} up");
            await Ip($"-n {NamespaceName} addr add {Host(2)}/30 dev {there}");
            await Ip($"-n {NamespaceName} link set {there} up");
            await Ip($"-n {NamespaceName} link set lo up");
            return (new Island(there), "");
        }
        catch (Exception impossible) when (impossible is InvalidOperationException or Win32Exception)
        {
            return (null, impossible.Message.Split('\n')[0]);
        }
    }

    public Task Cut() => Ip($"-n {NamespaceName} link set {_link} down");

    public Task Join() => Ip($"-n {NamespaceName} link set {_link} up");

    private static Task<string> Ip(string arguments) =>
        Shell.Run("ip", arguments.Split(' '), new Dictionary<string, string>(), Patience);

    private static IPAddress Host(int number)
    {
        var dot = Net.LastIndexOf('.');
        var last = int.Parse(Net[(dot + 1)..], CultureInfo.InvariantCulture) + number;
        return IPAddress.Parse($"{Net[..dot]}.{last.ToString(CultureInfo.InvariantCulture)}");
    }
}
