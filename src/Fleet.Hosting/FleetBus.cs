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
    /// <param name="login">Asked before every connection for what to log in with, where the settings do not say it.
    /// A refused login would end an endpoint for good, so whoever answers makes sure first.</param>
    public static void AddFleetBus(
        this IServiceCollection services,
        string connectionName,
        Action<IBusRegistrationConfigurator> consumers,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> endpoints,
        Func<IServiceProvider, RefreshConnectionFactoryCallback>? login = null)
    {
        var recipe = new BusRecipe(endpoints);
        services.AddSingleton(recipe);
        services.AddSingleton(provider =>
            new BusHost(provider.GetRequiredService<RabbitSettings>(), connectionName, login?.Invoke(provider)));
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
            bus.UsingRabbitMq(BusRecipe.MakePublishing);
        });
        services.AddSingleton<BusSender>();
        services.AddSingleton<PulseObserver>();
        services.AddSingleton<EndpointStates>();
        services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<EndpointStates>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks().AddCheck<EndpointsCheck>("queues", tags: [FleetHealth.Decides]);
        services.AddHostedService<BrokerLoginCheck>();
        services.AddSingleton<BrokerProbe>();
        services.AddSingleton<BusRestarter>();
        services.AddHostedService(provider => provider.GetRequiredService<BusRestarter>());
        services.AddHostedService<BusPulse>();
    }

    /// <summary>
    /// What a queue is declared with, whoever declares it: the broker refuses a second one that differs.
    /// </summary>
    /// <param name="heedsAgents">Whether agents' own messages come here. What the broker gives up of those is moved at most
    /// once: the part of it that moves at least once serves all queues, and ends over one message with a forged record of
    /// earlier deaths.</param>
    public static IDictionary<string, object?> QueueArguments(bool heedsAgents) => new Dictionary<string, object?>
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = 20,
        ["x-dead-letter-exchange"] = DeadLetters,
        ["x-dead-letter-strategy"] = heedsAgents ? "at-most-once" : "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    /// <summary>A durable quorum queue whose given-up messages have somewhere to go.</summary>
    /// <param name="heedsAgents">See <see cref="QueueArguments"/>.</param>
    public static void UseFleetQueue(
        this IRabbitMqReceiveEndpointConfigurator endpoint, ushort prefetch, int concurrency, bool heedsAgents = false)
    {
        endpoint.UseQueueOf(prefetch, concurrency, heedsAgents);
        endpoint.BindDeadLetterQueue(DeadLetters, DeadLetters, queue => queue.SetQuorumQueue());
    }

    /// <summary>
    /// The queue of an agent, which may touch nothing but its own: where dead letters go is declared by Control, and a
    /// message that fails goes back to the broker, which moves it there in the end.
    /// </summary>
    public static void UseAgentQueue(this IRabbitMqReceiveEndpointConfigurator endpoint, ushort prefetch, int concurrency)
    {
        endpoint.UseQueueOf(prefetch, concurrency, heedsAgents: true);
        endpoint.RethrowFaultedMessages();
        endpoint.ThrowOnSkippedMessages();
    }

    private static void UseQueueOf(
        this IRabbitMqReceiveEndpointConfigurator endpoint, ushort prefetch, int concurrency, bool heedsAgents)
    {
        foreach (var (name, value) in QueueArguments(heedsAgents))
            endpoint.SetQueueArgument(name, value);
        endpoint.PrefetchCount = prefetch;
        endpoint.ConcurrentMessageLimit = concurrency;
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
    }

    internal static void UseFleetHost(this IRabbitMqBusFactoryConfigurator rabbit, BusHost bus, string connectionName)
    {
        var settings = bus.Settings;
        rabbit.Host(settings.Host, settings.Port, settings.VirtualHost, connectionName, host =>
        {
            host.Username(settings.User);
            host.Password(settings.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.ContinuationTimeout(TimeSpan.FromSeconds(settings.SendTimeoutSeconds));
            if (bus.LogIn is not null)
                host.OnRefreshConnectionFactory = bus.LogIn;
            if (settings.Tls)
                host.UseSsl(tls => UseStrictTls(tls, settings));
        });
    }

    private static void UseStrictTls(IRabbitMqSslConfigurator tls, RabbitSettings settings)
    {
        tls.ServerName = RabbitTls.NameOf(settings);
        tls.CertificateValidationCallback = RabbitTls.Validation(settings);
        tls.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
        tls.EnforcePolicyErrors(
            SslPolicyErrors.RemoteCertificateChainErrors
            | SslPolicyErrors.RemoteCertificateNameMismatch
            | SslPolicyErrors.RemoteCertificateNotAvailable);
    }
}
