using Fleet.Contracts.Agents;
using Fleet.Control.Agents;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Reports;
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
        builder.Services.AddMediator(mediator => mediator.AddJobLifecycle());
        builder.Services.AddFleetBus($"fleet-control@{Environment.MachineName}", AddConsumers, Configure);
    }

    private static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddJobLifecycle();
        bus.AddAgentConsumers();
        bus.AddConsumer<TakeReportsConsumer>();
        bus.AddConsumer<KeepUnreadableConsumer>();
        bus.AddConsumer<HearWakesConsumer>();
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit)
    {
        var deadLetters = new DeadLetterFilter(context.GetRequiredService<DeadLetterBox>(), context.GetRequiredService<SenderQuota>());
        rabbit.ReceiveEndpoint(JobsModule.Queue, endpoint =>
        {
            endpoint.UseFleetQueue(prefetch: 256, concurrency: 128);
            endpoint.ConfigureError(error => error.UseFilter(deadLetters));
            endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(deadLetters));
            endpoint.ConfigureSaga<Job>(context);
            endpoint.UsePulse(context, JobsModule.Queue);
        });
        rabbit.ReceiveEndpoint(AgentTopology.Reports, endpoint =>
        {
            endpoint.UseFleetQueue(prefetch: 128, concurrency: 64, heedsAgents: true);
            endpoint.ClearSerialization();
            endpoint.AddSerializer(Trusted);
            endpoint.AddDeserializer(Trusted, isDefault: true);
            endpoint.ConfigureError(error => error.UseFilter(deadLetters));
            endpoint.ConfigureDeadLetter(skipped => skipped.UseFilter(deadLetters));
            endpoint.ConfigureConsumer<TakeReportsConsumer>(context);
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
            endpoint.Bind(Wakes.Exchange, exchange => exchange.ExchangeType = "fanout");
            endpoint.ConfigureConsumer<HearWakesConsumer>(context);
            endpoint.UsePulse(context, own);
        });
    }

    private static TrustedTypesSerializer Trusted { get; } =
        new(typeof(AgentReport), typeof(AgentBeat), typeof(AgentUpstreams), typeof(Pulse));
}
