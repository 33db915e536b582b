using Fleet.Contracts.Agents;
using Fleet.Control.Agents;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Work;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using MassTransit;

namespace Fleet.Control;

/// <summary>Every queue that Control reads, and the lifecycles behind them.</summary>
internal static class ControlBus
{
    private static readonly TimeSpan WakesOutlive = TimeSpan.FromMinutes(5);

    public static void AddControlBus(this IHostApplicationBuilder builder)
    {
        LifecycleEndpoint[] lifecycles =
            [.. builder.Services.Select(service => service.ImplementationInstance).OfType<LifecycleEndpoint>()];
        builder.Services.AddFleetBus(
            $"fleet-control@{Environment.MachineName}",
            bus => AddConsumers(bus, lifecycles),
            (context, rabbit) => Configure(context, rabbit, lifecycles));
    }

    private static void AddConsumers(IBusRegistrationConfigurator bus, LifecycleEndpoint[] lifecycles)
    {
        foreach (var lifecycle in lifecycles)
            lifecycle.Register(bus);
        bus.AddAgentConsumers();
        bus.AddConsumer<ReportConsumer>();
        bus.AddConsumer<KeepUnreadableConsumer>();
        bus.AddConsumer<HearCommitsConsumer>();
    }

    private static void Configure(
        IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, LifecycleEndpoint[] lifecycles)
    {
        var deadLetters = new DeadLetterFilter(context.GetRequiredService<DeadLetterBox>(), context.GetRequiredService<SenderQuota>());
        foreach (var lifecycle in lifecycles)
        {
            rabbit.ReceiveEndpoint(lifecycle.Queue, endpoint =>
            {
                endpoint.UseFleetQueue(prefetch: 256, concurrency: 128);
                endpoint.ConfigureError(error => error.UseFilter(deadLetters));
                endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(deadLetters));
                lifecycle.Configure(endpoint, context);
                endpoint.UsePulse(context, lifecycle.Queue);
            });
        }

        rabbit.ReceiveEndpoint(AgentTopology.Reports, endpoint =>
        {
            endpoint.UseFleetQueue(prefetch: 128, concurrency: 64, heedsAgents: true);
            endpoint.ConfigureReceive(receive => receive.UseFilter(context.GetRequiredService<AgentBudget>()));
            endpoint.ClearSerialization();
            endpoint.AddSerializer(Trusted);
            endpoint.AddDeserializer(Trusted, isDefault: true);
            endpoint.ConfigureError(error => error.UseFilter(deadLetters));
            endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(deadLetters));
            endpoint.ConfigureConsumer<ReportConsumer>(context);
            endpoint.ConfigureConsumer<KeepUnreadableConsumer>(context);
            endpoint.ConfigureConsumer<RecordBeatsConsumer>(context);
            endpoint.ConfigureConsumer<RecordUpstreamsConsumer>(context);
            endpoint.UsePulse(context, AgentTopology.Reports);
        });
        var own = context.GetRequiredService<ControlIdentity>().Queue;
        rabbit.ReceiveEndpoint(own, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.QueueExpiration = WakesOutlive;
            endpoint.PublishFaults = false;
            endpoint.DiscardFaultedMessages();
            endpoint.Bind(ClusterNotifier.Exchange, exchange => exchange.ExchangeType = "fanout");
            endpoint.ConfigureConsumer<HearCommitsConsumer>(context);
            endpoint.UsePulse(context, own);
        });
    }

    private static TrustedTypesSerializer Trusted { get; } =
        new(typeof(AgentReport), typeof(AgentBeat), typeof(AgentUpstreams), typeof(Pulse));
}
