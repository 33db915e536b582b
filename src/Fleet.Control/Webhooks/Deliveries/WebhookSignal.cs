using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>Says that something may be due, or that there is room for another call.</summary>
internal sealed class WebhookSignal : Signal;
