using System.Security.Cryptography;
using Fleet.Hosting;

namespace Fleet.Control.Agents.Install;

/// <summary>
/// How other hosts reach this fleet, and what makes agents of them: section <c>Agents:Install</c>. Its values end up in a
/// shell's command line.
/// </summary>
public sealed class InstallSettings
{
    /// <summary>The edge as others call it, such as <c>https://fleet.example:8443</c>; empty means that nothing is installed.</summary>
    public string Edge { get; set; } = "";

    /// <summary>The broker as other hosts call it, such as <c>amqps://fleet.example:5671</c>.</summary>
    public string Broker { get; set; } = "";

    /// <summary>The authority that made their certificates, in PEM form; empty means that every host knows it.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>The worker with all that it needs, packed by <c>compose/enrol.sh</c>.</summary>
    public string Archive { get; set; } = "";

    internal bool IsSet => Edge.Length > 0;

    internal IEnumerable<string> Wrongs()
    {
        if (!IsSet)
            yield break;
        if (UrlOf(Edge, "https", "http") is null)
            yield return $"Agents:Install:Edge is '{Edge}'; give the URL of the edge for other hosts, such as https://fleet.example:8443.";
        if (UrlOf(Broker, "amqps", "amqp") is not { Port: > 0 })
            yield return $"Agents:Install:Broker is '{Broker}'; give the broker's for other hosts, such as amqps://fleet.example:5671.";
        if (Authorities.Wrong("Agents:Install:CaFile", CaFile) is { } authority)
            yield return authority;
        if (Archive.Length == 0)
            yield return "Agents:Install:Archive is missing; give the file that compose/enrol.sh packs the worker into.";
    }

    internal Uri EdgeUrl => UrlOf(Edge, "https", "http")!;

    internal Uri BrokerUrl => UrlOf(Broker, "amqps", "amqp")!;

    /// <summary>The certificates of the file alone, whatever else it holds; empty without a file.</summary>
    internal string Authority() => CaFile.Length == 0 ? "" : string.Join('\n', Certificates(File.ReadAllText(CaFile))) + "\n";

    /// <summary>Scheme, host and port, and nothing that could mean something to a shell.</summary>
    private static Uri? UrlOf(string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && schemes.Contains(url.Scheme)
        && url is { AbsolutePath: "/" or "", Query: "", Fragment: "", UserInfo: "" }
        && url.IdnHost.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or ':')
            ? url
            : null;

    private static IEnumerable<string> Certificates(string text)
    {
        while (PemEncoding.TryFind(text, out var found))
        {
            if (text[found.Label] == "CERTIFICATE")
                yield return text[found.Location];
            text = text[found.Location.End..];
        }
    }
}
