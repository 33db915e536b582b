using System.Text.Json.Serialization;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Backups;

/// <summary>What receivers are told of a backup.</summary>
/// <param name="PreviousState">Empty when it is new.</param>
/// <param name="Error">A sentence; null when nothing went wrong.</param>
internal sealed record BackupEventPayload(
    [property: JsonConverter(typeof(WireIdConverter))] Guid BackupId,
    string Kind,
    string State,
    string PreviousState,
    DateTimeOffset Timestamp,
    string? Agent,
    string Repository,
    string? SourceGroup,
    string? SnapshotId,
    int IssueCount,
    int Attempt,
    string? Error,
    string? ErrorCode)
{
    private static readonly Dictionary<string, string> Types =
        WorkStates.AllWords.ToDictionary(word => word, word => $"{Backup.FamilyName}.{word}");

    /// <param name="state">The lifecycle's name of the state that it enters.</param>
    public static DomainEvent Of(Backup row, string state, DateTimeOffset now)
    {
        var word = WorkStates.WordOf(state)!;
        return new DomainEvent(
            row.Tenant,
            Types[word],
            row.CorrelationId,
            now,
            row.StateWebhookUrl,
            new BackupEventPayload(
                row.CorrelationId, row.Kind, word, WorkStates.WordOf(row.State) ?? "", now, row.Agent, row.RepositoryName,
                row.SourceGroupName, row.SnapshotId, row.IssueCount, row.Attempt, row.ErrorMessage, row.ErrorCode),
            ArtifactsAt: null);
    }
}
