using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// One Control process at a time does what must not be done twice at once. A lease in the database says which; it
/// runs out on the database's clock when its holder dies.
/// </summary>
internal sealed class Leadership(
    NpgsqlDataSource database, ControlIdentity self, TimeProvider clock, ClusterLog log) : BackgroundService
{
    private const int LeaseSeconds = 5;

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    /// <summary>Ends before the lease does, so that a stalled process does not act on a lease that is gone.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(LeaseSeconds - 1.5);

    private long _heldSince;

    public bool IsMine => _heldSince != 0 && clock.GetElapsedTime(_heldSince) < Trust;

    /// <summary>
    /// Whether this process leads, and will until the unit is committed: nobody takes the lead before. For what must hold
    /// even where a process stalls between its decision and its commit.
    /// </summary>
    public async Task<bool> Hold(Unit unit) => (await unit.Claim(this, () => unit.Db.Database
        .SqlQuery<int>($"select 1 as \"Value\" from leaders where name = 'control' and holder = {self.Id} for share")
        .ToListAsync())).Count == 1;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!IsMine)
            return;
        _heldSince = 0;
        try
        {
            await using var release = database.CreateCommand("delete from leaders where holder = $1");
            release.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = self.Id });
            await release.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // the lease runs out by itself
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Renew(stoppingToken);
            }
            catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
            {
                // without the database nobody leads, and nothing can be led
            }

            await Task.Delay(Renewal, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Renew(CancellationToken stop)
    {
        var asked = clock.GetTimestamp();
        await using var renew = database.CreateCommand(
            $"""
            insert into leaders (name, holder, until) values ('control', $1, now() + interval '{LeaseSeconds} s')
            on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where leaders.holder = excluded.holder or leaders.until < now()
            """);
        renew.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = self.Id });
        var mine = await renew.ExecuteNonQueryAsync(stop) == 1;
        if (mine != IsMine)
            log.LeadershipChanged(mine ? "now leads" : "does not lead");
        _heldSince = mine ? asked : 0;
    }
}
