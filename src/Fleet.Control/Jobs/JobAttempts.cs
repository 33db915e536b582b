using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;

namespace Fleet.Control.Jobs;

/// <summary>What agents report of attempts, as events of the lifecycle.</summary>
internal sealed class JobAttempts : IAttemptOwner
{
    private const int MostProgressText = 1000;

    public Touch Touch(AttemptReport report) => Platform.Persistence.Touch.Of<Job>(report.JobId);

    public IEnumerable<object> Events(string agent, AttemptReport report)
    {
        if (report.Started)
            yield return new JobStarted(report.JobId, report.Attempt, agent);
        if (report.Output is { Count: > 0 } output && output.All(chunk => chunk?.Bytes is not null))
            yield return new JobOutput(report.JobId, report.Attempt, agent, output);
        if (report.Progress is { } progress)
            yield return new JobProgressed(report.JobId, report.Attempt, agent, progress.Fraction, Tidy(progress.Text));
        if (report.Finished is { } result)
            yield return new JobFinished(report.JobId, report.Attempt, agent, Tidy(result));
    }

    /// <summary>The database's text cannot hold NUL, and a child process may write anything.</summary>
    private static string Tidy(string? text)
    {
        var clean = (text ?? "").Replace("\0", "", StringComparison.Ordinal);
        return clean.Length > MostProgressText ? clean[..MostProgressText] : clean;
    }

    /// <summary>What neither the database nor the answers to clients could hold is left out.</summary>
    private static AttemptResult Tidy(AttemptResult result) => result with
    {
        ErrorMessage = result.ErrorMessage is null ? null : Tidy(result.ErrorMessage),
        ErrorCode = result.ErrorCode is null ? null : Tidy(result.ErrorCode),
        Signal = result.Signal is null ? null : Tidy(result.Signal),
        ResultJson = IsJson(result.ResultJson) ? result.ResultJson : null,
        CpuSeconds = result.CpuSeconds is { } seconds && double.IsFinite(seconds) ? seconds : null,
    };

    private static bool IsJson(string? text)
    {
        if (text is null)
            return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
