using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Stores the files of a source group as a snapshot, with the group's scripts around it.</summary>
internal sealed class BackupOperation(WorkerSettings settings) : IResticOperation
{
    public string Kind => BackupKinds.Backup;

    public Aftermath Aftermath => Aftermath.OwnSnapshots;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        var source = restic.Spec.Source ?? throw Specs.Missing(nameof(BackupSpec.Source));
        var hooks = source.Hooks ?? new BackupHooks();
        if (await Hook(restic, hooks.Before, hooks, source, "before") is { } refused)
            return new OperationEnd(refused, new BackupResult());
        var exit = await restic.Run(Args(restic, source));
        var end = exit.Result(restic.Attempt);
        var snapshot = exit.IsDone || exit.IsIncomplete ? await Snapshots.WholeId(restic, Specs.Text(exit.Summary, "snapshot_id")) : null;
        var outcome = end.Outcome == AttemptOutcome.Succeeded ? "succeeded" : "failed";
        if (exit.IsOwnEnd && await Hook(restic, hooks.After, hooks, source, outcome) is { } failed)
        {
            await restic.Output.Issue(new BackupIssue("", failed.ErrorMessage ?? "The script after the backup failed.", "hook"));
        }

        return new OperationEnd(end, new BackupResult(exit.Summary, snapshot));
    }

    private List<string> Args(ResticSession restic, BackupSource source)
    {
        var list = restic.Attempt.Directory.Write("includes", string.Concat(source.Includes.Select(path => path + "\n")));
        return
        [
            "backup",
            $"--host={settings.Name}",
            .. source.Tags.Prepend(source.GroupName).Distinct().Select(tag => $"--tag={tag}"),
            .. source.Excludes.Select(pattern => $"--exclude={pattern}"),
            .. source.OneFileSystem ? ["--one-file-system"] : (string[])[],
            $"--files-from-verbatim={list}",
        ];
    }

    /// <summary>Null where there is no such script, or it did well.</summary>
    /// <param name="outcome"><c>before succeeded failed</c>.</param>
    private static async Task<AttemptResult?> Hook(
        ResticSession restic, string? script, BackupHooks hooks, BackupSource source, string outcome)
    {
        if (script is null)
            return null;
        var exit = await restic.RunHook(
            script,
            new Dictionary<string, string>
            {
                ["FLEET_BACKUP_OUTCOME"] = outcome,
                ["FLEET_SOURCE_GROUP"] = source.GroupName,
                ["FLEET_REPOSITORY"] = restic.Spec.RepositoryName,
            },
            hooks.TimeoutSeconds);
        if (exit.IsDone)
            return null;
        var result = exit.Result(restic.Attempt);
        if (exit.Stopped is not null)
            return result;
        var when = outcome == "before" ? "before" : "after";
        return result.FailedBy(BackupErrors.Hook, exit.TimedOut
            ? $"The script {when} the backup took longer than {hooks.TimeoutSeconds} s."
            : $"The script {when} the backup exited with code {exit.Child.ExitCode}: "
                + (exit.Said is [.., var last] ? restic.Output.Redacted(last) : "it says nothing"));
    }
}
