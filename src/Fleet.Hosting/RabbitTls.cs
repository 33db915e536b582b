using System.ComponentModel.DataAnnotations;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Hosting;

/// <summary>
/// Whose certificates are believed: those of the host's authorities, or only those of the file that the settings name.
/// A certificate that is not valid for the broker's name is refused either way.
/// </summary>
internal static class RabbitTls
{
    public static string NameOf(RabbitSettings settings) =>
        settings.TlsServerName.Length > 0 ? settings.TlsServerName : settings.Host;

    /// <summary>Null where the host's authorities decide.</summary>
    public static RemoteCertificateValidationCallback? Validation(RabbitSettings settings)
    {
        if (settings.TlsCaFile.Length == 0)
            return null;
        var authorities = Read(settings.TlsCaFile);
        return (_, certificate, _, errors) =>
            certificate is not null
            && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && IsFrom(authorities, new X509Certificate2(certificate));
    }

    /// <returns>What is wrong with the file, or null.</returns>
    public static ValidationResult? Check(string file)
    {
        try
        {
            return Read(file).Count > 0 ? null : new($"Rabbit:TlsCaFile '{file}' holds no certificate in PEM form.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new($"Rabbit:TlsCaFile cannot be read: {unreadable.Message}");
        }
    }

    private static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    private static bool IsFrom(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an own authority publishes no list
        return chain.Build(certificate);
    }
}
