using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Client.Http;

/// <summary>Whose certificates a client believes.</summary>
internal static class OwnAuthorities
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280, 4.2.1.12

    /// <param name="file">Certificates in PEM form; null means the host's authorities.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds no certificate.</exception>
    public static SslClientAuthenticationOptions Of(string? file)
    {
        if (file is null)
            return new();
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // an own authority publishes no list
        };
        policy.CustomTrustStore.ImportFromPemFile(file);
        if (policy.CustomTrustStore.Count == 0)
            throw new CryptographicException($"{file} holds no certificate in PEM form.");
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return new() { CertificateChainPolicy = policy };
    }
}
