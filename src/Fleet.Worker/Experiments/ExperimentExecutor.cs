using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Experiments;

/// <summary>Runs a commit: its files and data are fetched and verified, and only then its entry is started, as any command is.</summary>
internal sealed class ExperimentExecutor(
    SnapshotStager stager, DatasetFetcher datasets, SnapshotClient client, CommandProcess process, WorkerSettings settings,
    TimeProvider clock) : IExecutor
{
    private const long Megabyte = 1024 * 1024;

    public string Kind => ExperimentSpec.Kind;

    public bool StartsProcesses => true;

    public bool PreparesDirectory => true;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var run = attempt.Spec<ExperimentSpec>();
        return AttemptEventStream.Of(attempt.Stop, events => Perform(run, attempt, events));
    }

    private async Task<AttemptResult> Perform(ExperimentSpec run, AttemptContext attempt, ChannelWriter<AttemptEvent> events)
    {
        using var stop = new CancellationTokenSource();
        var staging = Stage(run, attempt, stop.Token);
        var late = Task.Delay(attempt.Timeout, clock, stop.Token);
        var first = await Task.WhenAny(staging, attempt.Stop.Asked, late);
        await stop.CancelAsync();
        if (first != staging)
        {
            await Task.WhenAny(staging); // however that ends
            return first == late
                ? AttemptResults.NotStarted("Its files and data did not come within its time.") with { ErrorCode = AttemptErrors.Timeout }
                : AttemptResults.StoppedBefore((await attempt.Stop.Asked).Reason);
        }

        CommandSpec command;
        try
        {
            command = await staging;
        }
        catch (StagingException wrong)
        {
            return AttemptResults.NotStarted(wrong.Message) with { ErrorCode = wrong.Code, IsFinal = wrong.IsFinal };
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException)
        {
            return AttemptResults.NotStarted(away.Message) with { ErrorCode = ExperimentErrors.SnapshotMissing };
        }

        var limits = new AttemptLimits(run.Resources?.Cpu ?? 0, (run.Resources?.MemoryMb ?? 0) * Megabyte);
        using var over = new CancellationTokenSource();
        var hurry = Task.WhenAny(attempt.Stop.Asked, Task.Delay(attempt.Timeout, clock, over.Token));
        using var metrics = new MetricSender(client, attempt.Key, hurry, clock);
        var result = await process.Perform(command, attempt, new MeasuringWriter(events, metrics), limits, takesMetrics: true);
        await over.CancelAsync();
        var patience = attempt.Stop.Asked.IsCompleted ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.ArtifactPatienceSeconds);
        return await metrics.End(patience) || attempt.Stop.Asked.IsCompleted
            ? result
            : result.AlsoFailedBy(("metrics_lost", "What was measured last could not be stored."));
    }

    private async Task<CommandSpec> Stage(ExperimentSpec run, AttemptContext attempt, CancellationToken stop)
    {
        var snapshot = await stager.Stage(attempt, run, stop);
        if (snapshot.Entry.Count == 0)
            throw new StagingException(ExperimentErrors.NoEntry, $"The commit {run.Commit} names no program to start.");
        var data = await datasets.Fetch(attempt.Directory, run.Datasets ?? [], snapshot.Datasets, stop);
        var command = new CommandSpec(
            snapshot.Entry[0], [.. snapshot.Entry.Skip(1), .. run.Args ?? []], Env: EnvironmentOf(run, snapshot, attempt.Directory));
        RunManifest.Write(attempt, snapshot, data, command, clock.GetUtcNow());
        attempt.Directory.Open();
        return command;
    }

    private static Dictionary<string, string> EnvironmentOf(
        ExperimentSpec run, ExperimentSnapshot snapshot, AttemptDirectory directory)
    {
        var env = new Dictionary<string, string> { ["PYTHONUNBUFFERED"] = "1" }; // metrics come as they are measured
        foreach (var (name, value) in snapshot.Env.Concat(run.Env ?? new Dictionary<string, string>()))
            env[name] = value;
        env["FLEET_COMMIT"] = snapshot.Commit;
        env["FLEET_DATASETS_DIR"] = DatasetFetcher.DirectoryOf(directory);
        if (run.Snapshot is { } data)
            env["FLEET_SNAPSHOT_ID"] = data;
        return env;
    }
}
