using System.Net.Security;
using System.Security.Authentication;
using MassTransit;
using RabbitMQ.Client;

namespace Fleet.Hosting;

/// <summary>
/// Plain connections to the broker, for what the bus does not do: topology of others, and dead letters.
/// </summary>
public static class RabbitConnections
{
    /// <param name="name">What operators see in the broker's UI.</param>
    public static Task<IConnection> Open(this RabbitSettings settings, string name, CancellationToken stop) =>
        settings.Open(name, logIn: null, stop);

    /// <param name="logIn">Puts in another login than that of the settings.</param>
    internal static async Task<IConnection> Open(
        this RabbitSettings settings, string name, RefreshConnectionFactoryCallback? logIn, CancellationToken stop)
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
        if (logIn is not null)
            await logIn(factory);
        return await factory.CreateConnectionAsync(stop);
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
