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
    /// even where a process stalls between its decision and its commit. The holder is a key of its table, so that a lock on
    /// keys holds up who would take over, and not the renewal of the lease.
    /// </summary>
    public async Task<bool> Hold(UnitOfWork unit) => (await unit.Claim(this, () => unit.Db.Database
        .SqlQuery<int>($"select 1 as \"Value\" from leaders where name = 'control' and holder = {self.Id} for key share")
        .ToListAsync())).Count == 1;

    /// <summary>Tells of a failure of what this process does because it leads.</summary>
    public void LoopFailed(string loop, Exception failure) => log.LoopFailed(failure, loop);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!IsMine)
            return;
        _heldSince = 0;
        try
        {
            await database.Execute("delete from leaders where holder = $1", cancellationToken, SqlValue.Of(self.Id));
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
        var mine = await Ask($"update leaders set until = now() + interval '{LeaseSeconds} s' where holder = $1", stop)
            || await Ask(
                $"""
                insert into leaders (name, holder, until) values ('control', $1, now() + interval '{LeaseSeconds} s')
                on conflict (name) do update set holder = excluded.holder, until = excluded.until
                where leaders.until < now()
                """,
                stop);
        if (mine != IsMine)
            log.LeadershipChanged(mine ? "now leads" : "does not lead");
        _heldSince = mine ? asked : 0;
    }

    /// <param name="sql">A statement about this process, which is $1.</param>
    private async Task<bool> Ask(string sql, CancellationToken stop) =>
        await database.Execute(sql, stop, SqlValue.Of(self.Id)) == 1;
}
