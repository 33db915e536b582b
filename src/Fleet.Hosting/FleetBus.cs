using System.Net.Security;
using System.Security.Authentication;
using Fleet.Hosting.Pulses;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Hosting;

/// <summary>The bus that only publishes; what is consumed arrives over another connection.</summary>
public interface IPublishBus : IBus;

/// <summary>
/// The one bus recipe. Publishing and consuming have a connection each, because a broker that blocks publishers
/// blocks whole connections, and because a partition with publishes in flight can end the consumers beside them.
/// </summary>
public static class FleetBus
{
    /// <summary>The exchange that everything the broker gives up on goes through.</summary>
    public const string DeadLetters = "fleet-dead-letters";

    /// <param name="connectionName">What operators see in the broker's UI, such as <c>fleet-control@host</c>.</param>
    public static void AddFleetBus(
        this IServiceCollection services,
        string connectionName,
        Action<IBusRegistrationConfigurator> consumers,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> endpoints)
    {
        var recipe = new BusRecipe(connectionName, endpoints);
        services.AddSingleton(recipe);
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = false; // a process starts, and says so, while the broker is away
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.AddConsumer<HearPulseConsumer>();
            consumers(bus);
            bus.UsingRabbitMq(recipe.MakeConsuming);
        });
        services.AddMassTransit<IPublishBus>(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq(recipe.MakePublishing);
        });
        services.AddSingleton<BusSender>();
        services.AddSingleton<PulseEar>();
        services.AddSingleton<EndpointStates>();
        services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<EndpointStates>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks().AddCheck<EndpointsCheck>("queues", tags: [FleetHealth.Decides]);
        services.AddSingleton<BrokerProbe>();
        services.AddSingleton<BusRevival>();
        services.AddHostedService(provider => provider.GetRequiredService<BusRevival>());
        services.AddHostedService<BusPulse>();
    }

    /// <summary>A durable quorum queue whose given-up messages have somewhere to go.</summary>
    public static void UseFleetQueue(this IRabbitMqReceiveEndpointConfigurator endpoint, ushort prefetch, int concurrency)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = prefetch;
        endpoint.ConcurrentMessageLimit = concurrency;
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.SetQueueArgument("x-delivery-limit", 20);
        endpoint.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        endpoint.SetQueueArgument("x-overflow", "reject-publish");
        endpoint.BindDeadLetterQueue(DeadLetters, DeadLetters, queue => queue.SetQuorumQueue());
    }

    internal static void UseFleetHost(
        this IRabbitMqBusFactoryConfigurator rabbit, RabbitSettings settings, string connectionName)
    {
        rabbit.Host(settings.Host, settings.Port, settings.VirtualHost, connectionName, host =>
        {
            host.Username(settings.User);
            host.Password(settings.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.ContinuationTimeout(TimeSpan.FromSeconds(settings.SendTimeoutSeconds));
            if (settings.Tls)
                host.UseSsl(tls => UseStrictTls(tls, settings));
        });
    }

    private static void UseStrictTls(IRabbitMqSslConfigurator tls, RabbitSettings settings)
    {
        tls.ServerName = settings.TlsServerName.Length > 0 ? settings.TlsServerName : settings.Host;
        tls.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
        tls.EnforcePolicyErrors(
            SslPolicyErrors.RemoteCertificateChainErrors
            | SslPolicyErrors.RemoteCertificateNameMismatch
            | SslPolicyErrors.RemoteCertificateNotAvailable);
    }
}
