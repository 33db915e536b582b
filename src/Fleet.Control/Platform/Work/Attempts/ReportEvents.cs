using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Work.Attempts;

/// <summary>What agents report of attempts, as events of the lifecycle.</summary>
internal static class ReportEvents
{
    private const int MostText = 1000;

    /// <summary>An end tells of ten files that were refused, with names as long as names may be, and why.</summary>
    private const int MostMessage = 8000;

    /// <summary>In the order in which they happened.</summary>
    public static IEnumerable<IWorkMessage> Of(string agent, AttemptReport report, WorkKind kind)
    {
        var (work, attempt) = (report.WorkId, report.Attempt);
        if (report.Started)
            yield return new AttemptStarted(work, kind.Name, attempt, agent);
        if (report.Output is { Count: > 0 } output && output.All(chunk => chunk?.Bytes is not null))
            yield return new AttemptOutput(work, kind.Name, attempt, agent, [.. output.Select(chunk => Tidy(chunk, kind))]);
        if (report.Progress is { } progress)
            yield return new AttemptProgressed(work, kind.Name, attempt, agent, Tidy(progress.Fraction) ?? 0, Tidy(progress.Text));
        if (report.Finished is { } result)
            yield return new AttemptFinished(work, kind.Name, attempt, agent, Tidy(result));
    }

    private static OutputChunk Tidy(OutputChunk chunk, WorkKind kind) =>
        kind.OutputOf(chunk.Stream) is var stream && stream == chunk.Stream ? chunk : chunk with { Stream = stream };

    /// <summary>
    /// The database's text can hold neither NUL nor half a character, and a child process may write anything.
    /// </summary>
    private static string Tidy(string? text, int most = MostText)
    {
        var clean = (text ?? "").Replace("\0", "", StringComparison.Ordinal);
        if (clean.Length <= most)
            return clean;
        return clean[..(char.IsHighSurrogate(clean[most - 1]) ? most - 1 : most)];
    }

    /// <summary>JSON has no words for what is not a number.</summary>
    private static double? Tidy(double? number) => number is { } finite && double.IsFinite(finite) ? finite : null;

    private static AttemptResult Tidy(AttemptResult result) => result with
    {
        Signal = result.Signal is null ? null : Tidy(result.Signal),
        ResultJson = Compact(result.ResultJson),
        ErrorMessage = result.ErrorMessage is null ? null : Tidy(result.ErrorMessage, MostMessage),
        ErrorCode = result.ErrorCode is null ? null : Tidy(result.ErrorCode),
        CpuSeconds = Tidy(result.CpuSeconds),
    };

    /// <summary>Null for what is no JSON, or holds text that nobody could be shown.</summary>
    private static string? Compact(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(document.RootElement, FleetJson.Options);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
