using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Control.Tests.Agents.Support;

/// <summary>TLS in front of the real broker, with a certificate by an authority made for the test.</summary>
internal sealed class TlsDoor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-tls-").FullName;
    private volatile bool _isOver;

    /// <param name="name">What the certificate is valid for.</param>
    public TlsDoor(string name)
    {
        var (authority, pem) = Authority("right");
        AuthorityFile = Save("right.pem", pem);
        OtherAuthorityFile = Save("other.pem", Authority("other").Pem);
        _certificate = Certificate(authority, name);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The authority that made the door's certificate.</summary>
    public string AuthorityFile { get; }

    public string OtherAuthorityFile { get; }

    public ushort Port => (ushort)((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        _listener.Stop();
        await _accepting;
        Directory.Delete(_directory, recursive: true);
    }

    private string Save(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static (X509Certificate2 Authority, string Pem) Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        return (authority, authority.ExportCertificatePem());
    }

    private static X509Certificate2 Certificate(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            authority, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private async Task Accept()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
                passing.Add(Serve(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception) when (_isOver)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task Serve(TcpClient near)
    {
        var broker = new Uri(Environment.GetEnvironmentVariable("FLEET_TEST_RABBITMQ")!);
        using var far = new TcpClient();
        try
        {
            await using var tls = new SslStream(near.GetStream());
            await tls.AuthenticateAsServerAsync(_certificate);
            await far.ConnectAsync(broker.Host, broker.Port);
            await Task.WhenAny(tls.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(tls));
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException or SocketException)
        {
            // the client did not like the certificate, or left
        }
        finally
        {
            near.Dispose();
        }
    }
}
