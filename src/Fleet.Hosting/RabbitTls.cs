using System.Net.Security;

namespace Fleet.Hosting;

/// <summary>How the broker's certificate is looked at.</summary>
internal static class RabbitTls
{
    public static string NameOf(RabbitSettings settings) =>
        settings.TlsServerName.Length > 0 ? settings.TlsServerName : settings.Host;

    /// <summary>Null where the host's authorities decide.</summary>
    public static RemoteCertificateValidationCallback? Validation(RabbitSettings settings) =>
        Authorities.Validation(settings.TlsCaFile);
}
