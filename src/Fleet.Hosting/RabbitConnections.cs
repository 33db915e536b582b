using System.Net.Security;
using System.Security.Authentication;
using RabbitMQ.Client;

namespace Fleet.Hosting;

/// <summary>
/// Plain connections to the broker, for what the bus does not do: topology of others, and dead letters.
/// </summary>
public static class RabbitConnections
{
    /// <param name="name">What operators see in the broker's UI.</param>
    public static Task<IConnection> Open(this RabbitSettings settings, string name, CancellationToken stop)
    {
        var factory = new ConnectionFactory
        {
            HostName = settings.Host,
            Port = settings.Port,
            VirtualHost = settings.VirtualHost,
            UserName = settings.User,
            Password = settings.Password,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            ContinuationTimeout = TimeSpan.FromSeconds(settings.SendTimeoutSeconds),
        };
        if (settings.Tls)
            factory.Ssl = StrictTls(settings);
        return factory.CreateConnectionAsync(stop);
    }

    private static SslOption StrictTls(RabbitSettings settings) => new()
    {
        Enabled = true,
        ServerName = RabbitTls.NameOf(settings),
        CertificateValidationCallback = RabbitTls.Validation(settings),
        Version = SslProtocols.Tls12 | SslProtocols.Tls13,
        AcceptablePolicyErrors = SslPolicyErrors.None,
    };
}
