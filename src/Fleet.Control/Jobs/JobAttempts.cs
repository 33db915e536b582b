using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;

namespace Fleet.Control.Jobs;

/// <summary>What agents report of attempts, as events of the lifecycle.</summary>
internal sealed class JobAttempts : IAttemptOwner
{
    private const int MostText = 1000;

    public Touch Touch(AttemptReport report) => Platform.Persistence.Touch.Of<Job>(report.JobId);

    public IEnumerable<object> Events(string agent, AttemptReport report)
    {
        if (report.Started)
            yield return new JobStarted(report.JobId, report.Attempt, agent);
        if (report.Output is { Count: > 0 } output && output.All(chunk => chunk?.Bytes is not null))
            yield return new JobOutput(report.JobId, report.Attempt, agent, output);
        if (report.Progress is { } progress)
        {
            yield return new JobProgressed(
                report.JobId, report.Attempt, agent, Tidy(progress.Fraction) ?? 0, Tidy(progress.Text));
        }

        if (report.Finished is { } result)
            yield return new JobFinished(report.JobId, report.Attempt, agent, Tidy(result));
    }

    /// <summary>
    /// The database's text can hold neither NUL nor half a character, and a child process may write anything.
    /// </summary>
    private static string Tidy(string? text)
    {
        var clean = (text ?? "").Replace("\0", "", StringComparison.Ordinal);
        if (clean.Length <= MostText)
            return clean;
        return clean[..(char.IsHighSurrogate(clean[MostText - 1]) ? MostText - 1 : MostText)];
    }

    /// <summary>JSON has no words for what is not a number.</summary>
    private static double? Tidy(double? number) => number is { } finite && double.IsFinite(finite) ? finite : null;

    private static AttemptResult Tidy(AttemptResult result) => result with
    {
        Signal = result.Signal is null ? null : Tidy(result.Signal),
        ResultJson = Compact(result.ResultJson),
        ErrorMessage = result.ErrorMessage is null ? null : Tidy(result.ErrorMessage),
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
