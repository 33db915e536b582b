using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Webhooks.Deliveries;
using Fleet.Hosting;

namespace Fleet.Control.Webhooks;

/// <summary>Telling others of what happens: whoever subscribed, and the URLs that jobs name.</summary>
internal static class WebhooksModule
{
    public static void AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<WebhookSettings>("Webhooks");
        var services = builder.Services;
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<IDomainEventWriter, OwedDeliveries>();
        services.AddSingleton<WebhookRules>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<AddressRules>();
        services.AddSingleton<GuardedConnection>();
        services.AddSingleton<WebhookCall>();
        services.AddSingleton<WebhookBody>();
        services.AddSingleton<Circuits>();
        services.AddSingleton<RetryPauses>();
        services.AddSingleton<DeliveryQueues>();
        services.AddSingleton<DeliveryQueueRun>();
        services.AddHostedService<DeliveryWorker>();
        services.AddSingleton<IOwnedData, OwnedDeliveries>();
        services.AddSingleton<DeliveryCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryCleanup>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapWebhookEndpoints();
        routes.MapWebhookDeliveries();
    }
}
