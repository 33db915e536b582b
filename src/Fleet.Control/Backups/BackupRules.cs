using Fleet.Contracts.Agents;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Backups;

/// <summary>What requests for backups must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed class BackupRules : FieldRules
{
    private const int MostPaths = 1000;
    private const int MostPath = 4096;
    private const int MostAttempts = 100;
    private const int MostFiles = 10_000;
    private const int MostName = 100;
    private const int MostLabels = 50;
    private const int MostUrl = 2000;

    private static readonly string[] HomeStarts = ["$HOME", "${HOME}", "~/"];

    private readonly bool _isStored;

    private BackupRules(bool isStored) : base("") => _isStored = isStored;

    /// <param name="isStored">It was accepted before: what has no effect, or only spoils lists, is let pass as it was then.</param>
    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(BackupRequest wanted, bool isStored = false)
    {
        var rules = new BackupRules(isStored);
        rules.Look(wanted);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    private void Look(BackupRequest wanted)
    {
        if (wanted.Kind is null || !BackupKinds.All.Contains(wanted.Kind))
            Refuse("kind", $"This must be one of {string.Join(' ', BackupKinds.All)}.");
        if (wanted.Agent is not null && !AgentAddress.IsName(wanted.Agent))
            Refuse("agent", "This is not a name that an agent can have.");
        Text("source_group", wanted.SourceGroup, MostName);
        Text("repository", wanted.Repository, MostName);
        Text("snapshot_id", wanted.SnapshotId, MostName);
        switch (wanted.Kind)
        {
            case BackupKinds.Backup when wanted.SourceGroup is null:
                Refuse("source_group", "A backup needs the source group whose files are to be stored.");
                break;
            case BackupKinds.Restore:
                LookAtRestore(wanted);
                break;
            case BackupKinds.Diff when wanted.SnapshotA is not { Length: > 0 } || wanted.SnapshotB is not { Length: > 0 }:
                Refuse(wanted.SnapshotA is { Length: > 0 } ? "snapshot_b" : "snapshot_a", "A diff needs two snapshots.");
                break;
            case BackupKinds.Init or BackupKinds.Forget or BackupKinds.Prune or BackupKinds.Check or BackupKinds.Unlock
                when wanted.Repository is null && wanted.SourceGroup is null:
                Refuse("repository", "Name the repository, or a source group that is backed up to it.");
                break;
        }

        if (wanted.Kind is { } kind && !_isStored)
            LookForOthers(wanted, kind);
        if (wanted.ReadDataPercent is { } percent && !(percent is >= 0 and <= 100))
            Refuse("read_data_percent", "This must be a number from 0 to 100.");
        LookAtTerms(wanted);
    }

    /// <summary>What only another kind would do must not look as if it had been done.</summary>
    private void LookForOthers(BackupRequest wanted, string kind)
    {
        var isDrill = wanted.Drill is not null;
        foreach (var (field, isGiven, isTaken) in (ReadOnlySpan<(string, bool, bool)>)
        [
            ("read_data_percent", wanted.ReadDataPercent is not null, kind == BackupKinds.Check),
            ("snapshot_a", wanted.SnapshotA is not null, kind == BackupKinds.Diff),
            ("snapshot_b", wanted.SnapshotB is not null, kind == BackupKinds.Diff),
            ("snapshot_id", wanted.SnapshotId is not null, kind == BackupKinds.Restore),
            ("paths", wanted.Paths is { Count: > 0 }, kind == BackupKinds.Restore),
            ("drill", isDrill, kind == BackupKinds.Restore),
            ("in_place", wanted.InPlace, kind == BackupKinds.Restore && !isDrill),
            ("target_dir", wanted.TargetDir is not null, kind == BackupKinds.Restore && !isDrill),
            ("verify", wanted.Verify, kind == BackupKinds.Restore && !isDrill),
        ])
        {
            if (isGiven && !isTaken)
                Refuse(field, $"A {(isDrill && kind == BackupKinds.Restore ? "drill" : kind)} does not take this.");
        }
    }

    private void LookAtTerms(BackupRequest wanted)
    {
        Between("priority", wanted.Priority, 0, 9);
        if (wanted.MaxAttempts is { } attempts)
            Between("max_attempts", attempts, 1, MostAttempts);
        if (wanted.TimeoutS is { } seconds)
            Between("timeout_s", seconds, 1, int.MaxValue);
        if (wanted.Offline is not ("wait" or "skip"))
            Refuse("offline", "This is wait or skip.");
        Entries("labels", wanted.Labels, MostLabels, MostName);
        if (!_isStored)
            LabelNames(wanted.Labels);
        if (!_isStored && wanted.StateWebhookUrl is { } url && (url.Length > MostUrl || !HttpUrl.TryRead(url, out _)))
            Refuse("state_webhook_url", $"This must be an absolute http or https URL without a user, of at most {MostUrl} characters.");
    }

    private void LookAtRestore(BackupRequest wanted)
    {
        if (wanted.SnapshotId is not { Length: > 0 } && wanted.SourceGroup is null)
            Refuse("snapshot_id", "Name a snapshot, or a source group whose newest is meant.");
        if (wanted.Paths is { Count: > MostPaths })
            Refuse("paths", $"At most {MostPaths} paths.");
        foreach (var (place, path) in (wanted.Paths ?? []).Take(MostPaths).Index())
        {
            if (path is not { Length: > 0 and <= MostPath } || path[0] != '/')
                Refuse($"paths[{place}]", "This must be an absolute path in the snapshot.");
        }

        if (wanted.Drill is { } drill)
        {
            Between("drill.files", drill.Files, 1, MostFiles);
            if (drill.MostBytes < 1)
                Refuse("drill.most_bytes", "This must be at least 1.");
        }
        else if (wanted.InPlace && wanted.TargetDir is not null)
            Refuse("target_dir", "A restore in place has no other target.");
        else if (!wanted.InPlace && !IsTarget(wanted.TargetDir))
            Refuse("target_dir", "This must be an absolute directory; it may begin with $HOME, ${HOME} or ~/ and contain <job-id>.");
    }

    private static bool IsTarget(string? path)
    {
        if (path is not { Length: > 0 and <= MostPath } || path.Any(char.IsControl))
            return false;
        foreach (var start in HomeStarts)
        {
            if (path.StartsWith(start, StringComparison.Ordinal) && (start[^1] == '/' || path[start.Length..] is "" or ['/', ..]))
                path = "/" + path[start.Length..].TrimStart('/');
        }

        return path[0] == '/' && !path.Contains('$');
    }
}
