using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Snapshots;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Repositories;

/// <summary>What agents have to do with repositories, by their source groups.</summary>
internal sealed class AgentRepositories(IDbContextFactory<FleetDbContext> contexts, RepositoryStore repositories) : IAgentRepositories
{
    public async Task<IReadOnlyList<AgentRepository>> Of(string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var used = await db.Set<SourceGroup>().AsNoTracking().Where(group => group.Agent == agent)
            .GroupBy(group => group.RepositoryId).Select(groups => new { Id = groups.Key, Count = groups.Count() }).ToListAsync(stop);
        var ids = used.ConvertAll(one => one.Id);
        var rows = await db.Set<Repository>().AsNoTracking().Where(one => ids.Contains(one.Id) || one.Agent == agent).ToListAsync(stop);
        return
        [
            .. rows.OrderBy(row => used.Find(one => one.Id == row.Id)?.Count ?? 0).ThenBy(row => row.Id)
                .Select(row => (row.Id, Secrets: repositories.Open(row)))
                .Select(one => new AgentRepository(WireId.Format(one.Id), one.Secrets.Everyday, one.Secrets.Admin)),
        ];
    }

    public async Task<AgentSnapshots> Snapshots(string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = await db.Set<Snapshot>().AsNoTracking()
            .Where(snapshot => snapshot.Agent == agent).OrderByDescending(snapshot => snapshot.Time).ToListAsync(stop);
        return new AgentSnapshots(
            [
                .. rows.Select(row => new ReportedSnapshot(
                    row.Id, row.ShortId, row.Time, row.Hostname, row.Paths, row.Tags, row.SizeBytes, row.FileCount)),
            ],
            rows.Count == 0 ? null : rows.Max(row => row.ReportedAt));
    }
}
