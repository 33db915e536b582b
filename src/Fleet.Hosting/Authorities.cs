using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Hosting;

/// <summary>
/// Whose certificates a process believes: those of the host's authorities, or only those of a file that a setting names, such
/// as the fleet's own. A certificate that is not valid for the name that was called is refused either way.
/// </summary>
public static class Authorities
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280, 4.2.1.12

    /// <summary>For a handler of HTTP or a connection to the broker.</summary>
    /// <param name="file">Certificates in PEM form; empty means the host's authorities.</param>
    /// <returns>Null where the host's authorities decide.</returns>
    public static RemoteCertificateValidationCallback? Validation(string file)
    {
        if (file.Length == 0)
            return null;
        var authorities = Read(file);
        return (_, certificate, told, errors) =>
            certificate is not null
            && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && IsFrom(authorities, certificate, told);
    }

    /// <summary>The same as what a client of HTTP takes.</summary>
    public static SslClientAuthenticationOptions ClientOptions(string file) =>
        new() { RemoteCertificateValidationCallback = Validation(file) };

    /// <param name="setting">Its name, for the sentence.</param>
    /// <param name="file">Empty is right: then the host's authorities are believed.</param>
    /// <returns>What is wrong with the file, or null.</returns>
    public static string? Wrong(string setting, string file)
    {
        if (file.Length == 0)
            return null;
        try
        {
            return Read(file).Count > 0 ? null : $"{setting} '{file}' holds no certificate in PEM form.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{setting} cannot be read: {unreadable.Message}";
        }
    }

    private static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    private static bool IsFrom(X509Certificate2Collection authorities, X509Certificate certificate, X509Chain? told)
    {
        using var shown = new X509Certificate2(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (told is not null) // authorities in between are sent along
            chain.ChainPolicy.ExtraStore.AddRange(told.ChainElements.Select(element => element.Certificate).ToArray());
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an own authority publishes no list
        return chain.Build(shown);
    }
}
