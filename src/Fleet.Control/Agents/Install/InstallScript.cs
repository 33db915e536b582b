using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Control.Agents.Install;

/// <summary>What makes an agent of a host: the command that a person pastes there, and the script which that fetches.</summary>
internal sealed class InstallScript(AgentSettings settings)
{
    public const string ScriptPath = "/v1/agents/enrolments/installer";
    public const string ArchivePath = "/v1/agents/enrolments/worker.tar.gz";

    private static readonly Lazy<string> _steps = new(Read);

    private InstallSettings Install => settings.Install;

    /// <summary>
    /// The token is in no command line that others on that host could read, and what is fetched comes from this fleet and nobody
    /// else: the authority is in the command. Null where nothing is installed.
    /// </summary>
    public string? Command(string? name, string token)
    {
        if (!Install.IsSet || name is null)
            return null;
        var authority = Install.Authority();
        var encoded = Quoted(Convert.ToBase64String(Encoding.ASCII.GetBytes(authority)));
        var (prepare, trust) = authority.Length == 0 ? ("", "") : ($"printf %s {encoded} | base64 -d >ca.pem && ", "--cacert ca.pem ");
        return $"(umask 077; d=$(mktemp -d) && cd \"$d\" && {prepare}"
            + $"printf 'header = \"Authorization: Bearer %s\"' {Quoted(token)} | "
            + $"curl -fsS {trust}-K - {Quoted(Url(ScriptPath))} -o install.sh && "
            + "$([ \"$(id -u)\" = 0 ] || echo sudo) sh install.sh; c=$?; rm -rf \"$d\"; exit $c)";
    }

    /// <summary>For the host that has shown this token.</summary>
    public string Text(string name, string token)
    {
        var broker = Install.BrokerUrl;
        var values = new (string Name, string Value)[]
        {
            ("name", name),
            ("token", token),
            ("edge", Url("").TrimEnd('/')),
            ("archive", Url(ArchivePath)),
            ("broker_host", broker.IdnHost),
            ("broker_port", $"{broker.Port}"),
            ("broker_tls", broker.Scheme == "amqps" ? "true" : "false"),
            ("arch", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64"),
            ("authority", Install.Authority()),
        };
        return $"#!/bin/sh\n{string.Concat(values.Select(one => $"{one.Name}={Quoted(one.Value)}\n"))}\n{_steps.Value}";
    }

    private string Url(string path) => new Uri(Install.EdgeUrl, path).AbsoluteUri;

    /// <summary>One word for a shell, whatever is in it.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Read()
    {
        using var steps = typeof(InstallScript).Assembly.GetManifestResourceStream("install/install.sh")
            ?? throw new InvalidOperationException("The installer is not in this program.");
        using var reader = new StreamReader(steps);
        return reader.ReadToEnd();
    }
}
