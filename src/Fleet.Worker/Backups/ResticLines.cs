using System.Text.Json;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups;

/// <summary>
/// Reads restic's lines, from 0.14 on (https://restic.readthedocs.io/en/stable/075_scripting.html). What a version does
/// not write is left at its default.
/// </summary>
internal static class ResticLines
{
    private const int LongestPath = 300; // a report's text has room for one of them

    public static ResticLine Read(string line)
    {
        var text = line.Trim();
        if (text.Length == 0)
            return new ResticLine.Noise();
        if (text[0] is not ('{' or '['))
            return new ResticLine.Text(text);
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return new ResticLine.Text(text);
        }
    }

    private static ResticLine Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new ResticLine.Other(json, "");
        var type = Text(json, "message_type") ?? Text(json, "struct_type") ?? "";
        return type switch
        {
            _ when Text(json, "action") is "scan_finished" => new ResticLine.Noise(), // 0.14 calls it a status
            "status" => new ResticLine.Progress(Progress(json)),
            "verbose_status" => new ResticLine.Noise(),
            "error" => new ResticLine.Issue(Issue(json)),
            "summary" => new ResticLine.Summary(json),
            "exit_error" => new ResticLine.Exit((int)(Number(json, "code") ?? 1), Text(json, "message") ?? ""),
            _ => new ResticLine.Other(json, type),
        };
    }

    private static BackupProgress Progress(JsonElement json) => new(
        Math.Clamp(Number(json, "percent_done") ?? 0, 0, 1),
        Whole(json, "total_files"),
        Whole(json, "files_done", "files_restored"),
        Whole(json, "total_bytes"),
        Whole(json, "bytes_done", "bytes_restored"),
        Number(json, "seconds_elapsed") ?? 0,
        Number(json, "seconds_remaining"),
        Whole(json, "error_count"),
        Files(json));

    private static List<string>? Files(JsonElement json) =>
        json.TryGetProperty("current_files", out var files) && files.ValueKind == JsonValueKind.Array
            ? [.. files.EnumerateArray().Where(file => file.ValueKind == JsonValueKind.String).Take(1)
                .Select(file => Short(file.GetString()!))]
            : null;

    /// <summary>Its end says more about a path than its beginning.</summary>
    private static string Short(string path) => path.Length <= LongestPath ? path : "…" + path[^(LongestPath - 1)..];

    private static BackupIssue Issue(JsonElement json)
    {
        var error = json.TryGetProperty("error", out var given) ? given : default;
        var message = error.ValueKind switch
        {
            JsonValueKind.String => error.GetString(),
            JsonValueKind.Object => Text(error, "message") ?? Described(error),
            _ => Text(json, "message"),
        };
        return new BackupIssue(
            Text(json, "item") ?? "", message is { Length: > 0 } ? message : "restic does not say why", Text(json, "during") ?? "");
    }

    /// <summary>Before 0.17.1 an error is written as Go's fields, or as none.</summary>
    private static string? Described(JsonElement error) =>
        Text(error, "Op") is { } operation ? $"{operation} {Text(error, "Path")}: {Errno(error)}".TrimEnd(':', ' ') : null;

    private static string? Errno(JsonElement error) => error.TryGetProperty("Err", out var number) ? number.ToString() switch
    {
        "2" => "no such file or directory",
        "5" => "input/output error",
        "13" => "permission denied",
        var other => $"error {other}",
    } : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? number
            : null;

    private static long Whole(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
                return number;
        }

        return 0;
    }
}
