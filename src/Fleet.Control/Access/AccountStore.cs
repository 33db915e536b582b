using System.Security.Cryptography;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Access;

/// <summary>The accounts in the database, as far as a caller may see them.</summary>
internal sealed class AccountStore(IDbContextFactory<FleetDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="ProblemException">The name is taken.</exception>
    public async Task<Account> Add(FleetDbContext db, AccountRequest wanted, Caller caller, CancellationToken stop)
    {
        if (await db.Set<Account>().AnyAsync(one => one.Username == wanted.Username, stop))
            throw new ProblemException(Problem.Conflict("name_taken", "There is an account of this name already."));
        var account = new Account
        {
            Id = WireId.New(),
            Epoch = RandomNumberGenerator.GetInt32(int.MaxValue / 2), // tokens of a former account of this name open nothing
            Username = wanted.Username!,
            Tenant = caller.Tenant,
            Role = wanted.Role!,
            Password = PasswordText.Hash(wanted.Password!),
            Disabled = wanted.Disabled,
            MustChangePassword = wanted.MustChangePassword,
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = caller.Name,
        };
        db.Add(account);
        await db.SaveChangesAsync(stop);
        return account;
    }

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<Account>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var after = page.AfterId;
        return await db.Set<Account>().AsNoTracking().SeenBy(caller).Where(one => after == null || one.Id < after)
            .OrderByDescending(one => one.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<Account?> Find(string username, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Account>().AsNoTracking().SeenBy(caller).SingleOrDefaultAsync(one => one.Username == username, stop);
    }

    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<Account?> Change(string username, AccountChange wanted, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        if (await db.Set<Account>().SeenBy(caller).SingleOrDefaultAsync(one => one.Username == username, stop) is not { } account)
            return null;
        account.Role = wanted.Role ?? account.Role;
        account.Disabled = wanted.Disabled ?? account.Disabled;
        if (wanted.Password is { } password)
            SetPassword(account, password);
        await db.SaveChangesAsync(stop);
        return account;
    }

    /// <summary>Whether the id is an account's; a caller may be a key too.</summary>
    public async Task<bool> Has(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Account>().AnyAsync(one => one.Id == id, stop);
    }

    /// <summary>The person's own choice: former logins hold no longer.</summary>
    public async Task ChoosePassword(Guid id, string password, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        if (await db.Set<Account>().SingleOrDefaultAsync(one => one.Id == id, stop) is not { } account)
            return;
        SetPassword(account, password);
        account.MustChangePassword = false;
        await db.SaveChangesAsync(stop);
    }

    public async Task<bool> Remove(string username, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Account>().SeenBy(caller).Where(one => one.Username == username).ExecuteDeleteAsync(stop) == 1;
    }

    private static void SetPassword(Account account, string password)
    {
        (account.Password, account.Epoch) = (PasswordText.Hash(password), account.Epoch + 1);
        (account.WrongInARow, account.LockedUntil) = (0, null);
    }
}
