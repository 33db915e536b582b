using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Backups;

/// <summary>What agents write about backups, and leave of them. Not every agent is of the same age, so none of it is sure.</summary>
internal static class BackupNotes
{
    /// <summary>Null where the text is no result of a backup.</summary>
    public static BackupResult? ReadResult(string? json) => Read<BackupResult>(json);

    /// <summary>Null where the text is no progress.</summary>
    public static BackupProgress? ReadProgress(string? json) => Read<BackupProgress>(json);

    /// <summary>Lines that are none are left out.</summary>
    public static IReadOnlyList<BackupIssue> ReadIssues(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read<BackupIssue>).OfType<BackupIssue>()];

    private static T? Read<T>(string? json) where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<T>(json, FleetJson.KnownFields);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
