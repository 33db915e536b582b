using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Backups.Operations;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups;

/// <summary>Runs one kind of backup: gets the credentials, has restic do it, and tells what became of the repository.</summary>
internal sealed class ResticExecutor(
    IResticOperation operation, ResticProgram program, ResticEnvironment environment, RepositoryClient client, RepositoryTurns turns,
    WorkerSettings settings) : IExecutor
{
    public string Kind => operation.Kind;

    public bool StartsProcesses => true;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var spec = attempt.Spec<BackupSpec>();
        return AttemptEventStream.Of(attempt.Stop, events => Perform(spec, attempt, events));
    }

    private async Task<AttemptResult> Perform(BackupSpec spec, AttemptContext attempt, ChannelWriter<AttemptEvent> events)
    {
        if (program.Path is not { } path)
            return Failed(
                BackupErrors.NoRestic, $"'{settings.Backups.Restic}' is not installed here: install restic, or set Worker:Backups:Restic.");
        RepositoryCredentials? credentials;
        try
        {
            credentials = await client.Open(spec.Ticket ?? "", CancellationToken.None);
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException)
        {
            return Failed(BackupErrors.NoCredentials, $"Control could not be asked for the credentials: {away.Message}");
        }

        if (credentials is null)
            return Failed(BackupErrors.NoCredentials, "Control gave no credentials for this attempt.");
        try
        {
            var output = new BackupOutput(events, new Redaction(credentials));
            var restic = new ResticSession(
                attempt, spec, output, credentials, environment, (path, await program.Version(path)), settings);
            var end = await operation.Run(restic);
            await Tell(restic, end.Attempt);
            return end.Attempt with
            {
                ResultJson = CallResult.Json(end.Result with
                {
                    Issues = output.Issues,
                    IssueCount = output.IssueCount,
                    LocksRemoved = restic.LocksRemoved,
                    ResticVersion = restic.Version.ToString(),
                }),
            };
        }
        catch (ChildStartException wrong)
        {
            return AttemptResults.NotStarted(wrong.Message);
        }
    }

    private static AttemptResult Failed(string code, string sentence) =>
        new AttemptResult(AttemptOutcome.Failed).FailedBy(code, sentence);

    /// <summary>Snapshots and figures are told before the end is: whoever hears of that finds them.</summary>
    private async Task Tell(ResticSession restic, AttemptResult end)
    {
        var repository = restic.Spec.RepositoryId;
        if (end.ErrorCode == BackupErrors.Locked)
            restic.Learnt = restic.Learnt with { LockPresent = true };
        else if (end.Outcome == AttemptOutcome.Succeeded && BackupKinds.Exclusive.Contains(Kind))
            restic.Learnt = restic.Learnt with { LockPresent = false }; // its own was the only one
        if (end.Outcome != AttemptOutcome.Succeeded || operation.Aftermath == Aftermath.None)
        {
            if (restic.Learnt != new RepositoryStats())
                await client.Tell(repository, null, restic.Learnt);
            return;
        }

        var host = operation.Aftermath == Aftermath.OwnSnapshots ? settings.Name : null;
        await turns.Take(repository, async () =>
        {
            var snapshots = await Snapshots.Of(restic, host) is { } listed ? new SnapshotsReport(listed, host) : null;
            var stats = restic.Learnt;
            if (host is null || turns.IsDue(repository, settings.Backups.StatsSeconds))
                stats = await RepositoryFigures.Add(stats, restic);
            await client.Tell(repository, snapshots, stats == new RepositoryStats() ? null : stats);
        });
    }
}
