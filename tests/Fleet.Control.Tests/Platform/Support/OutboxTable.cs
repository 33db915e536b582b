using Fleet.Control.Platform.Outbox;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>The outbox as it lies in the database.</summary>
internal static class OutboxTable
{
    public static async Task<List<OutboxRow>> Outbox(this DatabaseFixture house, Guid about)
    {
        await using var db = house.Db();
        return await db.Set<OutboxRow>().AsNoTracking().Where(row => row.About == about).ToListAsync();
    }

    public static async Task<OutboxRow?> OutboxRow(this DatabaseFixture house, Guid id)
    {
        await using var db = house.Db();
        return await db.Set<OutboxRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id);
    }

    /// <summary>A row that is due, as a process that died left it.</summary>
    public static async Task<Guid> Leave(
        this DatabaseFixture house, string destination, object message, Guid about, Guid? token = null, string? type = null)
    {
        var id = token ?? Guid.CreateVersion7();
        await house.Ask<Guid>(
            """
            insert into outbox (id, destination, message_type, body, about, token, deliver_at, claimed_until, attempts)
            values ($1, $2, $3, $4::json, $5, $6, now() - interval '1 min', now() - interval '30 s', 0) returning id
            """,
            id, destination, type ?? MessageNames.Of(message.GetType()), MessageNames.Write(message), about,
            token is null ? DBNull.Value : token);
        return id;
    }
}
