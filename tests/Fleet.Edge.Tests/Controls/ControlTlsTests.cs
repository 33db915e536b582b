using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

/// <summary>Controls on other machines are called over TLS; only certificates by the authority of the setting are believed.</summary>
public sealed class ControlTlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-edge-tls-").FullName;

    [Theory]
    [InlineData("right.pem", "127.0.0.1", true)]
    [InlineData("other.pem", "127.0.0.1", false)]
    [InlineData("right.pem", "127.0.0.9", false)]
    [InlineData("", "127.0.0.1", false)]
    public async Task A_Control_is_asked_if_its_certificate_is_for_its_name_and_by_a_known_authority(
        string authority, string certified, bool isAsked)
    {
        using var certificate = Certificate(certified);
        await using var control = await Backend.Start(
            http => http.Response.WriteAsync("ok"), "https://127.0.0.1:0", certificate);
        await using var door = new Door(
            [control.Address], ("Edge:CaFile", authority.Length == 0 ? "" : Path.Combine(_directory, authority)));
        var answer = await door.Http.GetAsync("/v1/jobs");
        answer.StatusCode.ShouldBe(isAsked ? HttpStatusCode.OK : HttpStatusCode.BadGateway);
        control.Requests.Count.ShouldBe(isAsked ? 1 : 0);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>By the authority of right.pem.</summary>
    private X509Certificate2 Certificate(string address)
    {
        using var right = Authority("right");
        using var other = Authority("other");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=control", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(right, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(_directory, $"{name}.pem"), authority.ExportCertificatePem());
        return authority;
    }
}
