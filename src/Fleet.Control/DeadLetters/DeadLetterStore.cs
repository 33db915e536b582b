using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.DeadLetters;

/// <summary>The table of dead letters.</summary>
internal sealed class DeadLetterStore(IDbContextFactory<FleetDbContext> contexts, DeadLetterPost post, DatabaseClock clock)
{
    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> List(Guid? after, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<DeadLetter>().AsNoTracking()
            .Where(letter => after == null || letter.Id > after)
            .OrderBy(letter => letter.Id).Take(most).ToListAsync(stop);
    }

    public async Task<DeadLetter?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<DeadLetter>().AsNoTracking().SingleOrDefaultAsync(letter => letter.Id == id, stop);
    }

    /// <summary>
    /// Sends it again, once: a letter that was replayed stays so. Should this process end in between it may go twice,
    /// with the same message id, and whoever handles it expects that.
    /// </summary>
    public async Task<DeadLetter> Replay(DeadLetter letter, CancellationToken stop)
    {
        if (letter.ReplayedAt is not null)
            return letter;
        await post.Send(letter, stop);
        letter.ReplayedAt = clock.Now;
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<DeadLetter>().Where(row => row.Id == letter.Id && row.ReplayedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(replayed => replayed.ReplayedAt, letter.ReplayedAt), stop);
        return letter;
    }

    /// <summary>False when there is none.</summary>
    public async Task<bool> Delete(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<DeadLetter>().Where(letter => letter.Id == id).ExecuteDeleteAsync(stop) == 1;
    }
}
