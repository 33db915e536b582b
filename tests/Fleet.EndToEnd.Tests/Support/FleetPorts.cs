using System.Net;
using System.Net.Sockets;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Ports of one fleet: below those that Linux gives to outgoing connections.</summary>
internal sealed record FleetPorts(int Edge, int Control, int Rabbit, int RabbitUi, int Postgres)
{
    private const int First = 12_000;
    private const int Last = 19_000;

    public Uri EdgeUrl => new($"http://127.0.0.1:{Edge}");

    public Uri SecondEdgeUrl => new($"http://127.0.0.1:{Edge + 1}");

    public static FleetPorts Choose()
    {
        var from = Random.Shared.Next(First, Last);
        // each with a free one behind it: a second edge listens there
        var free = Enumerable.Range(0, 250).Select(pair => from + (2 * pair))
            .Where(port => IsFree(port) && IsFree(port + 1)).Take(5).ToArray();
        return new FleetPorts(free[0], free[4], free[1], free[2], free[3]);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
