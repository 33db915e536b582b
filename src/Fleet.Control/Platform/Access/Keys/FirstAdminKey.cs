using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// Before anything listens: a fleet that nobody could administer gets a key, and its text is in a file. The order is
/// draft, row, file; whatever is cut off in between is finished or undone by the next start, so no key is ever in the
/// table whose text nobody has.
/// </summary>
internal sealed class FirstAdminKey(
    IDbContextFactory<FleetDbContext> contexts, AdminKeyFile file, TimeProvider clock, ILogger<FirstAdminKey> log)
    : IHostedService
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Ensure(cancellationToken);
                return;
            }
            catch (Exception away) when (DatabaseFailure.IsPassing(away))
            {
                AccessLog.FirstKeyWaits(log, away.Message);
                await Task.Delay(BetweenTries, clock, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The lock belongs to one transaction and the new row to another: the row is committed while the lock is held,
    /// and the lock is held until the file has its name.
    /// </summary>
    private async Task Ensure(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await AdminKeys.Lock(db, stop);
        await SettleDraft(db, stop);
        if (!await AdminKeys.Usable(db, clock.GetUtcNow()).AnyAsync(stop))
            await Create(stop);
    }

    private async Task SettleDraft(FleetDbContext db, CancellationToken stop)
    {
        if (file.ReadDraft() is not { } text)
            return;
        var stored = ApiKeyText.TryHash(text, out var hash) ? hash.ToBytes() : null;
        if (stored is not null && await db.Set<ApiKey>().AnyAsync(key => key.Sha256 == stored, stop))
        {
            file.Publish();
            AccessLog.LeftoverKept(log, file.Path);
        }
        else
        {
            file.DeleteDraft();
        }
    }

    private async Task Create(CancellationToken stop)
    {
        var text = ApiKeyText.New();
        file.WriteDraft(text);
        await using var db = await contexts.CreateDbContextAsync(stop);
        db.Add(new ApiKey
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = "first admin key",
            Tenant = Tenants.Default,
            Sha256 = ApiKeyText.Hash(text).ToBytes(),
            Scopes = ScopeNames.Of(Scope.Admin),
            CreatedAt = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(stop);
        file.Publish();
        AccessLog.FirstKeyWritten(log, file.Path);
    }
}
