using Fleet.Control.Platform.Dispatch;
using Microsoft.EntityFrameworkCore.Storage;

namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>A unit whose members were applied and whose transaction is open. Unless it is committed, it never was.</summary>
internal sealed class PreparedUnit(UnitOfWork unit, IDbContextTransaction transaction, Placement placement) : IAsyncDisposable
{
    public UnitOfWork Unit => unit;

    public IDbContextTransaction Transaction => transaction;

    public bool IsCommitted { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (!IsCommitted)
            placement.Failed(unit);
        await transaction.DisposeAsync();
        await unit.Db.DisposeAsync();
    }
}
