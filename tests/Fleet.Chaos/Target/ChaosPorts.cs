using System.Net;
using System.Net.Sockets;

namespace Fleet.Chaos.Target;

/// <summary>Ports of one fleet, below those that Linux gives to outgoing connections.</summary>
internal sealed record ChaosPorts(int Edge, int Control, int Rabbit, int RabbitUi, int Postgres)
{
    private const int First = 12_000;
    private const int Last = 19_000;

    /// <summary>Neighbours, because further edges and Controls take the ports after the first.</summary>
    public static ChaosPorts Choose(int edges, int controls)
    {
        var count = edges + controls + 3;
        for (var tries = 0; tries < 100; tries++)
        {
            var from = Random.Shared.Next(First, Last);
            if (Enumerable.Range(from, count).All(IsFree))
                return new ChaosPorts(from + 3, from + 3 + edges, from, from + 1, from + 2);
        }

        throw new InvalidOperationException($"There are no {count} free ports in a row.");
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
