using System.Globalization;
using Fleet.Cli.Output;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary>How jobs look in tables.</summary>
internal static class JobTable
{
    public static View<Job> View(TimeProvider clock) => new(
        job => job.JobId,
        new Column<Job>("JOB", job => job.JobId),
        new Column<Job>("NAME", job => job.Name),
        new Column<Job>("STATE", job => job.State, Tone: job => Words.ToneOf(job.State)),
        new Column<Job>("KIND", job => job.Kind),
        new Column<Job>("AGENT", job => job.Agent ?? job.Target?.Agent),
        new Column<Job>("EXIT", job => job.ExitCode is { } code ? Words.Number(code) : job.Signal),
        new Column<Job>("AGE", job => Words.Age(job.CreatedAt, clock)),
        new Column<Job>("TOOK", job => Words.Between(job.StartedAt, job.FinishedAt, clock)),
        new Column<Job>("ATTEMPT", job => $"{job.Attempt}/{job.MaxAttempts}", IsWide: true),
        new Column<Job>("PRIORITY", job => Words.Number(job.Priority), IsWide: true),
        new Column<Job>("LABELS", job => Words.Pairs(job.Labels), IsWide: true),
        new Column<Job>("ERROR", job => job.Error is { } error ? $"{error.Code}: {error.Message}" : null, IsWide: true, _ => Tone.Bad),
        new Column<Job>("CREATED", job => Words.Time(job.CreatedAt), IsWide: true),
        new Column<Job>("FINISHED", job => Words.Time(job.FinishedAt), IsWide: true),
        new Column<Job>("MODEL", job => job.Model, IsWide: true),
        new Column<Job>("RETRY OF", job => job.RetryOf, IsWide: true),
        new Column<Job>("PROGRESS", job => ProgressOf(job.Progress), IsWide: true),
        new Column<Job>("RESULT", job => job.Result?.ToString(), IsWide: true),
        new Column<Job>("ARTIFACTS", job => string.Join(' ', (job.Artifacts ?? []).Select(one => one.Name)), IsWide: true));

    public static string? ProgressOf(JobProgress? progress) =>
        progress is null ? null : string.Create(CultureInfo.InvariantCulture, $"{progress.Fraction * 100:0}% {progress.Text}").TrimEnd();
}
