using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Alerts;

/// <summary>What deserves an alert at a moment.</summary>
internal sealed class AlertReasons(IAgentDirectory agents, BackupSettings settings)
{
    /// <summary>As alerts that nobody has raised yet.</summary>
    public async Task<IReadOnlyList<Alert>> Find(FleetDbContext db, DateTimeOffset now, CancellationToken stop)
    {
        var groups = await db.Set<SourceGroup>().AsNoTracking().ToListAsync(stop);
        var repositories = await db.Set<Repository>().AsNoTracking()
            .ToDictionaryAsync(repository => repository.Id, repository => repository.Name, stop);
        var status = await db.Set<BackupStatus>().AsNoTracking()
            .Where(one => one.Subject == BackupKinds.Backup || one.State == WorkStates.Failed || one.State == WorkStates.Expired)
            .ToListAsync(stop);
        var names = groups.ToDictionary(group => group.Id, group => group.Name);
        return
        [
            .. status.Select(one => Ended(one, repositories, names)).OfType<Alert>(),
            .. Stale(groups, status, repositories, now),
            .. Offline(groups, await agents.Standing(stop), now),
        ];
    }

    private static Alert? Ended(BackupStatus status, Dictionary<Guid, string> repositories, Dictionary<Guid, string> groups)
    {
        var kind = status.State switch
        {
            WorkStates.Expired => AlertKinds.Missed,
            WorkStates.Failed => status.ErrorCode switch
            {
                BackupErrors.Corrupt or BackupErrors.VerifyFailed => AlertKinds.Corrupt,
                BackupErrors.Locked => AlertKinds.Locked,
                _ => AlertKinds.Failed,
            },
            _ => null,
        };
        if (kind is null)
            return null;
        var group = groups.GetValueOrDefault(status.SourceGroupId);
        var about = group is null ? $"of repository {repositories.GetValueOrDefault(status.RepositoryId)}" : $"of {group}";
        var what = status.Subject == BackupStatus.Drill ? "The drill" : $"The {status.Subject}";
        return new Alert
        {
            Tenant = status.Tenant,
            Kind = kind,
            Key = $"{kind}:{status.RepositoryId:N}:{status.SourceGroupId:N}:{status.Subject}",
            Message = $"{what} {about} {(kind == AlertKinds.Missed ? "could not start in time" : "failed")}: "
                + $"{status.ErrorMessage ?? status.ErrorCode}",
            RepositoryId = status.RepositoryId,
            Repository = repositories.GetValueOrDefault(status.RepositoryId),
            SourceGroupId = status.SourceGroupId == Guid.Empty ? null : status.SourceGroupId,
            SourceGroup = group,
            Agent = status.Agent,
            BackupId = status.WorkId,
        };
    }

    private static IEnumerable<Alert> Stale(
        List<SourceGroup> groups, List<BackupStatus> status, Dictionary<Guid, string> repositories, DateTimeOffset now)
    {
        var good = status.Where(one => one.Subject == BackupKinds.Backup).ToLookup(one => one.SourceGroupId, one => one.SucceededAt);
        foreach (var group in groups.Where(group => group.NewestWithinS is not null))
        {
            var last = good[group.Id].Max();
            if ((last ?? group.CreatedAt).AddSeconds(group.NewestWithinS!.Value) >= now)
                continue;
            yield return new Alert
            {
                Tenant = group.Tenant,
                Kind = AlertKinds.Stale,
                Key = $"{AlertKinds.Stale}:{group.Id:N}",
                Message = last is null
                    ? $"{group.Name} has never been backed up, and should be every {group.NewestWithinS} s."
                    : $"The newest good snapshot of {group.Name} is of {last:u}, and should be no older than {group.NewestWithinS} s.",
                RepositoryId = group.RepositoryId,
                Repository = repositories.GetValueOrDefault(group.RepositoryId),
                SourceGroupId = group.Id,
                SourceGroup = group.Name,
                Agent = group.Agent,
            };
        }
    }

    private IEnumerable<Alert> Offline(List<SourceGroup> groups, IReadOnlyList<AgentStanding> standing, DateTimeOffset now)
    {
        var silent = standing.Where(agent => !agent.IsOn && !agent.IsRevoked && agent.HeardAt?.AddSeconds(settings.OfflineSeconds) < now)
            .ToDictionary(agent => agent.Name);
        foreach (var (tenant, name) in groups.Select(group => (group.Tenant, group.Agent)).Distinct())
        {
            if (!silent.TryGetValue(name, out var agent))
                continue;
            yield return new Alert
            {
                Tenant = tenant,
                Kind = AlertKinds.Offline,
                Key = $"{AlertKinds.Offline}:{tenant}:{name}",
                Message = $"Agent {name}, whose files are backed up, was heard last at {agent.HeardAt:u}.",
                Agent = name,
            };
        }
    }
}
