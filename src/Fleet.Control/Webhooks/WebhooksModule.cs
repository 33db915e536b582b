using Fleet.Control.Platform.Announcements;
using Fleet.Control.Platform.Removal;
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
        services.AddSingleton<IAnnouncementWriter, OwedDeliveries>();
        services.AddSingleton<WebhookRules>();
        services.AddSingleton<WebhookShelf>();
        services.AddSingleton<DeliveryShelf>();
        services.AddSingleton<AddressRules>();
        services.AddSingleton<GuardedConnection>();
        services.AddSingleton<WebhookCall>();
        services.AddSingleton<WebhookBody>();
        services.AddSingleton<Circuits>();
        services.AddSingleton<RetryPauses>();
        services.AddSingleton<LaneLedger>();
        services.AddSingleton<LaneRun>();
        services.AddHostedService<WebhookCourier>();
        services.AddSingleton<IBelongings, DeliveryBelongings>();
        services.AddSingleton<WebhookJanitor>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookJanitor>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapWebhookEndpoints();
        routes.MapWebhookDeliveries();
    }
}
