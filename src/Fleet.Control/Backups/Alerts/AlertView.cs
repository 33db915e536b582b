using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Backups.Alerts;

/// <summary>An alert as clients see it.</summary>
/// <param name="Kind"><c>failed stale missed corrupt offline locked</c>.</param>
/// <param name="State"><c>open acknowledged resolved</c>.</param>
/// <param name="BackupId">The latest backup that gave reason for it.</param>
internal sealed record AlertView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid AlertId,
    string Kind,
    string State,
    string Message,
    string? Repository,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? RepositoryId,
    string? SourceGroup,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? SourceGroupId,
    string? Agent,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? BackupId,
    DateTimeOffset RaisedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? ResolvedAt)
{
    public static AlertView Of(Alert row) => new(
        row.Id, row.Kind, row.State, row.Message, row.Repository, row.RepositoryId, row.SourceGroup, row.SourceGroupId, row.Agent,
        row.BackupId, row.RaisedAt, row.ChangedAt, row.AcknowledgedAt, row.AcknowledgedBy, row.ResolvedAt);
}
