using System.Text.Json;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>The snapshots of a repository.</summary>
internal static class Snapshots
{
    private const int WholeLength = 64;

    /// <summary>Before 0.15 restic names a new snapshot by the first digits of its id alone.</summary>
    /// <returns>The whole id; what is known where that cannot be had.</returns>
    public static async Task<string?> WholeId(ResticSession restic, string? id)
    {
        if (id is null || id.Length == WholeLength)
            return id;
        var exit = await restic.RunOnce(["--no-lock", "snapshots", id]);
        return List(exit).FirstOrDefault(snapshot => snapshot.Id.StartsWith(id, StringComparison.Ordinal))?.Id ?? id;
    }

    /// <summary>Null where they cannot be had.</summary>
    /// <param name="host">Null for those of all hosts.</param>
    public static async Task<IReadOnlyList<ReportedSnapshot>?> Of(ResticSession restic, string? host)
    {
        var exit = await restic.RunOnce(
            ["--no-lock", "snapshots", .. host is null ? [] : (string[])[$"--host={host}"]]);
        return exit.IsDone ? List(exit) : null;
    }

    private static List<ReportedSnapshot> List(ResticExit exit) =>
        [.. exit.Others.SelectMany(list => Specs.Items(list)).Select(Read).OfType<ReportedSnapshot>()];

    private static ReportedSnapshot? Read(JsonElement json)
    {
        if (Specs.Text(json, "id") is not { } id || !json.TryGetProperty("time", out var time) || !time.TryGetDateTimeOffset(out var at))
            return null;
        var summary = json.TryGetProperty("summary", out var told) ? told : (JsonElement?)null;
        return new ReportedSnapshot(
            id,
            Specs.Text(json, "short_id") ?? id[..Math.Min(8, id.Length)],
            at.ToUniversalTime(),
            Specs.Text(json, "hostname") ?? "",
            Texts(json, "paths"),
            Texts(json, "tags"),
            Specs.Whole(summary, "total_bytes_processed"),
            Specs.Whole(summary, "total_files_processed"));
    }

    private static List<string> Texts(JsonElement json, string name) =>
        [.. Specs.Items(json, name).Select(item => item.GetString() ?? "")];
}
