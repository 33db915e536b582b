using System.Net;

namespace Fleet.Control.Platform.Http;

/// <summary>Networks as settings write them: <c>10.1.0.0/16</c>, or one address.</summary>
internal static class NetworkText
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>What is none is left out; without any text, this machine.</summary>
    public static IEnumerable<IPNetwork> Read(string[] texts)
    {
        foreach (var text in texts.Length == 0 ? Loopback : texts)
        {
            if (TryParse(text, out var network))
                yield return network;
        }
    }

    public static bool TryParse(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
