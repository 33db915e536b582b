using System.Text.Json.Serialization;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Audit;

/// <summary>A row of the audit on the wire.</summary>
internal sealed record AuditView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid AuditId,
    DateTimeOffset At,
    string Who,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? KeyId,
    string? Agent,
    string? Tenant,
    string Action,
    IReadOnlyList<string> Objects,
    string Method,
    string? Route,
    string Path,
    string Address,
    string? TraceId,
    string? RequestId,
    int Status,
    string? Code,
    int Count)
{
    public static AuditView Of(AuditRow row) => new(
        row.Id,
        row.At,
        row.Who,
        row.KeyId,
        row.Agent,
        row.Tenant,
        row.Action,
        row.Objects,
        row.Method,
        row.Route,
        row.Path,
        row.Address,
        row.TraceId,
        row.RequestId,
        row.Status,
        row.Code,
        row.Count);
}
