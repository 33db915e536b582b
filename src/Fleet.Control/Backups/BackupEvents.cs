using System.Text;
using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work.Endpoints;

namespace Fleet.Control.Backups;

/// <summary>
/// The journal of a backup as its watchers see it: as all work's, with <c>progress</c> in full and <c>issues</c> apart from the
/// output.
/// </summary>
internal static class BackupEvents
{
    private const string Progress = "progress";

    public static (string Name, string Data) Of(JournalEntry entry) => entry.Type switch
    {
        Progress when Read(entry.Data) is { } progress => (Progress, JsonSerializer.Serialize(progress, FleetJson.Options)),
        BackupStreams.Issues => (BackupStreams.Issues, JsonSerializer.Serialize(
            new IssuesEvent(BackupNotes.ReadIssues(Encoding.UTF8.GetString(entry.Output ?? [])), entry.Attempt), FleetJson.Options)),
        _ => WorkStream.EventOf(entry),
    };

    private static BackupProgressView? Read(string? data)
    {
        if (data is null)
            return null;
        using var json = JsonDocument.Parse(data);
        return json.RootElement.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            && json.RootElement.TryGetProperty("fraction", out var fraction)
            ? BackupProgressView.Of(fraction.ValueKind == JsonValueKind.Number ? fraction.GetDouble() : null, text.GetString())
            : null;
    }

    private sealed record IssuesEvent(IReadOnlyList<BackupIssue> Issues, int Attempt);
}
