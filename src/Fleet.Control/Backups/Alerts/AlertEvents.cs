using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.DomainEvents;

namespace Fleet.Control.Backups.Alerts;

/// <summary>What receivers are told of alerts.</summary>
internal static class AlertEvents
{
    public const string Family = "alert";
    public const string Raised = "raised";
    public const string Acknowledged = "acknowledged";
    public const string Resolved = "resolved";

    public static DomainEventTypes Types { get; } = new(Family, [Raised, Acknowledged, Resolved], Sees: Scope.BackupsRead);

    public static DomainEvent Of(Alert alert, string word, DateTimeOffset now) =>
        new(alert.Tenant, $"{Family}.{word}", alert.Id, now, Url: null, AlertView.Of(alert), ArtifactsAt: null);
}
