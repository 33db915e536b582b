using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.Snapshots;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Requests;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Backups;

/// <summary>From what clients write to what the lifecycle understands: names become what they name.</summary>
internal sealed class BackupRequests(
    RepositoryStore repositories, SourceGroupStore groups, SnapshotStore snapshots, IAgentDirectory agents, BackupSettings settings,
    DatabaseClock clock)
{
    /// <summary>Operations of one repository that may run beside each other.</summary>
    private const int Together = 10_000;

    /// <summary>None beside it.</summary>
    private const int Alone = 0;

    /// <param name="isStored">It was checked when it was accepted, maybe by rules of then.</param>
    /// <exception cref="ProblemException">Something is wrong with it, or is not there.</exception>
    public async Task<SubmitWork> Read(BackupRequest wanted, string tenant, CancellationToken stop, bool isStored = false)
    {
        BackupRules.Check(wanted, isStored);
        if (wanted.ExpiresAt <= clock.Now || wanted.ExpiresAt > clock.Now + FieldRules.LatestExpiry)
            throw Wrong("expires_at", "This must lie in the future, and within 100 years.");
        var id = WireId.New();
        var group = await Group(wanted, tenant, stop);
        var snapshot = await Snapshot(wanted, wanted.SnapshotId, "snapshot_id", group, tenant, stop);
        var repository = await Repository(wanted, group, snapshot, tenant, stop);
        if (group is not null && group.RepositoryId != repository.Id)
            throw Wrong("source_group", "It is backed up to another repository.");
        var spec = new BackupSpec(
            WireId.Format(repository.Id),
            repository.Name,
            wanted.Kind is BackupKinds.Forget or BackupKinds.Prune or BackupKinds.Unlock && repository.HasAdmin,
            UploadKibPerSecond: repository.UploadKibPerSecond,
            DownloadKibPerSecond: repository.DownloadKibPerSecond,
            Nice: repository.Nice,
            LockWaitSeconds: settings.LockWaitSeconds);
        spec = wanted.Kind switch
        {
            BackupKinds.Backup => spec with { Source = Source(group!) },
            BackupKinds.Forget => spec with { ForgetGroups = await Forget(group, repository, stop) },
            BackupKinds.Check => spec with { Check = new CheckOrder(wanted.ReadDataPercent ?? 0) },
            BackupKinds.Diff => spec with { Diff = await Diff(wanted, repository, tenant, stop) },
            BackupKinds.Restore => spec with { Restore = Restore(wanted, snapshot!, id), Source = group is null ? null : Source(group) },
            _ => spec,
        };
        return Draft(id, wanted, spec, group, repository, await Agent(wanted, group, repository, snapshot, stop), tenant);
    }

    private SubmitWork Draft(
        Guid id, BackupRequest wanted, BackupSpec spec, SourceGroup? group, Repository repository, string agent, string tenant)
    {
        var labels = (wanted.Labels ?? []).ToDictionary(label => label.Key, label => label.Value!);
        labels.TryAdd("repository", repository.Name);
        if (group is not null)
            labels.TryAdd("source_group", group.Name);
        return new SubmitWork(
            id,
            wanted.Kind!,
            SpecJson.Write(spec),
            tenant,
            group?.Name ?? repository.Name,
            labels,
            wanted.Priority,
            wanted.MaxAttempts ?? settings.MaxAttempts,
            wanted.TimeoutS,
            wanted.ExpiresAt,
            new WorkTarget(agent, new Dictionary<string, string>()),
            wanted.StateWebhookUrl,
            Terms: new QueueTerms(
                wanted.Offline,
                ConcurrencyKey: $"repository:{spec.RepositoryId}",
                ConcurrencyLimit: BackupKinds.Exclusive.Contains(wanted.Kind!) ? Alone : Together,
                SequenceKey: wanted.Kind == BackupKinds.Backup ? $"source-group:{WireId.Format(group!.Id)}" : null),
            Capability: BackupKinds.Capability);
    }

    private async Task<SourceGroup?> Group(BackupRequest wanted, string tenant, CancellationToken stop) =>
        wanted.SourceGroup is not { } named ? null
        : await groups.Find(named, tenant, stop) ?? throw Wrong("source_group", "There is no source group of this id or name.");

    private async Task<Repository> Repository(
        BackupRequest wanted, SourceGroup? group, Snapshot? snapshot, string tenant, CancellationToken stop)
    {
        if (wanted.Repository is { } named)
            return await repositories.Find(named, tenant, stop) ?? throw Wrong("repository", "There is no repository of this id or name.");
        if ((group?.RepositoryId ?? snapshot?.RepositoryId) is { } id)
            return (await repositories.Find(id, stop))!;
        var first = wanted.Kind == BackupKinds.Diff ? await snapshots.Find(wanted.SnapshotA!, tenant, null, stop) : null;
        return first is not null
            ? (await repositories.Find(first.RepositoryId, stop))!
            : throw Wrong("repository", "Name the repository.");
    }

    /// <summary>Null where the kind is about none.</summary>
    private async Task<Snapshot?> Snapshot(
        BackupRequest wanted, string? named, string field, SourceGroup? group, string tenant, CancellationToken stop)
    {
        if (wanted.Kind != BackupKinds.Restore)
            return null;
        var repository = wanted.Repository is { } place ? (await repositories.Find(place, tenant, stop))?.Id : group?.RepositoryId;
        return named is { Length: > 0 }
            ? await snapshots.Find(named, tenant, repository, stop) ?? throw Wrong(field, "There is no snapshot of this id.")
            : await snapshots.Newest(group!, stop) ?? throw Wrong("source_group", "It has no snapshot yet.");
    }

    private async Task<string> Agent(
        BackupRequest wanted, SourceGroup? group, Repository repository, Snapshot? snapshot, CancellationToken stop)
    {
        var agent = wanted.Agent ?? group?.Agent ?? repository.Agent ?? snapshot?.Agent
            ?? throw Wrong("agent", "Name the agent that is to do it: the repository names none.");
        if (wanted.Kind == BackupKinds.Backup && agent != group!.Agent)
            throw Wrong("agent", $"The files of this source group are those of {group.Agent}.");
        return (await agents.Standing(stop)).Any(one => one.Name == agent && !one.IsRevoked)
            ? agent
            : throw Wrong("agent", $"There is no agent {agent} any more, or it was revoked.");
    }

    private static BackupSource Source(SourceGroup group)
    {
        var terms = SourceGroupTerms.Of(group);
        return new BackupSource(
            WireId.Format(group.Id), group.Name, terms.Includes, terms.Excludes, terms.Tags, terms.OneFileSystem, terms.Hooks);
    }

    /// <summary>Those of one group, or of every group of the repository that has rules.</summary>
    private async Task<IReadOnlyList<ForgetGroup>> Forget(SourceGroup? group, Repository repository, CancellationToken stop)
    {
        var all = group is not null ? [group] : await groups.Of(repository.Id, stop);
        var kept = all.Select(one => (one.Name, one.Agent, SourceGroupTerms.Of(one).Keep)).Where(one => one.Keep is not null).ToList();
        return kept.Count > 0
            ? kept.ConvertAll(one => new ForgetGroup(one.Name, one.Keep!))
            : throw Wrong(
                group is null ? "repository" : "source_group", "No source group says which snapshots are kept: nothing could be dropped.");
    }

    private async Task<DiffOrder> Diff(BackupRequest wanted, Repository repository, string tenant, CancellationToken stop) => new(
        (await snapshots.Find(wanted.SnapshotA!, tenant, repository.Id, stop))?.Id
            ?? throw Wrong("snapshot_a", "There is no snapshot of this id in the repository."),
        (await snapshots.Find(wanted.SnapshotB!, tenant, repository.Id, stop))?.Id
            ?? throw Wrong("snapshot_b", "There is no snapshot of this id in the repository."));

    /// <summary>The id goes into the target now, so that a repetition finishes in the same place.</summary>
    private static RestoreOrder Restore(BackupRequest wanted, Snapshot snapshot, Guid id) => new(
        snapshot.Id,
        [.. (wanted.Paths ?? []).OfType<string>()],
        wanted.InPlace,
        wanted.TargetDir?.Replace("<job-id>", WireId.Format(id), StringComparison.Ordinal),
        wanted.Verify,
        wanted.Drill is { } drill ? new DrillOrder(drill.Files, drill.MostBytes, id.GetHashCode()) : null);

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
