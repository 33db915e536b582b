using System.Diagnostics.Metrics;
using System.Net;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Secrets;
using Npgsql;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>
/// Logs people in, and knows them by their tokens afterwards. What an account may do is read anew with every request, so that a
/// change holds from the next one on.
/// </summary>
internal sealed class AccountLogins(
    NpgsqlDataSource database, AccountGuesses guesses, SecretBox secrets, AccessSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Passwords are compared so many at once: each takes a processor for a while, and work needs them too.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly Meter Meter = new("Fleet.Control");
    private static readonly Counter<long> Comparisons = Meter.CreateCounter<long>(
        "fleet.access.password_comparisons", "{comparison}", "Passwords that were compared: one for each login, whoever tries.");

    private readonly SemaphoreSlim _turns = new(1);

    /// <summary>Null for tokens that open nothing; why not is left at the request.</summary>
    public async ValueTask<Caller?> Identify(string token, HttpContext context)
    {
        if (!secrets.HasKey)
            return Refuse(context, "invalid token: InvalidSignature"); // nobody can have signed it
        var (claims, why) = LoginToken.Read(token, Key(), clock.GetUtcNow());
        if (claims is null)
            return Refuse(context, $"invalid token: {why}");
        return await Find(claims.Username, context.RequestAborted) switch
        {
            null => Refuse(context, "unknown account"),
            { Disabled: true } => Refuse(context, "account disabled"),
            { } account when account.Epoch != claims.Epoch => Refuse(context, "invalid token: ExpiredSignature"),
            { } account => CallerOf(account),
        };
    }

    /// <summary>
    /// Null where the password is wrong, there is no such account, it is disabled, or closed to that address: all of it looks
    /// alike, and takes as long.
    /// </summary>
    /// <param name="address">Where the password comes from; null where nobody knows.</param>
    public async Task<Login?> LogIn(string username, string password, IPAddress? address, CancellationToken stop)
    {
        var account = await Find(username, stop);
        var isRight = await IsRight(password, account?.Password, stop);
        if (account is null)
            return null;
        var now = clock.GetUtcNow();
        var from = CallerAddress.NetworkOf(address);
        if (!isRight)
        {
            if (await guesses.MayTry(account.Id, from, now, stop)) // what nobody would have believed is no guess
                await guesses.NoteWrong(account.Id, from, now, stop);
            return null;
        }

        if (!await guesses.NoteRight(account.Id, account.Epoch, from, now, stop))
            return null;
        var until = now.AddSeconds(settings.LoginSeconds);
        var token = LoginToken.Write(account.Username, account.Epoch, account.Role, until, Key());
        return new Login(token, account.Role, account.MustChangePassword, until);
    }

    /// <summary>Whether it is the account's; a guess counts as at a login.</summary>
    public async Task<bool> Proves(string username, string password, IPAddress? address, CancellationToken stop) =>
        await LogIn(username, password, address, stop) is not null;

    public void Dispose() => _turns.Dispose();

    private async Task<bool> IsRight(string password, string? kept, CancellationToken stop)
    {
        if (!await _turns.WaitAsync(LongestWait, stop))
            throw new ProblemException(Problem.Unavailable("logins_busy", "Others are logging in; try again soon."));
        try
        {
            Comparisons.Add(1);
            return await Task.Run(() => PasswordText.IsRight(password, kept), stop);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<KnownAccount?> Find(string username, CancellationToken stop) => (await database.Query(
        """
        select id, username, tenant, role, password, epoch, disabled, must_change_password from accounts where username = $1
        """,
        row => new KnownAccount(
            row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetBoolean(6),
            row.GetBoolean(7)),
        stop, SqlValue.Of(username))).FirstOrDefault();

    private static Caller CallerOf(KnownAccount account) => new(
        account.Id, account.Username, account.Tenant, ScopeNames.TryParseRole(account.Role, out var scopes) ? scopes : Scope.None,
        MustChangePassword: account.MustChangePassword);

    private static Caller? Refuse(HttpContext context, string why)
    {
        context.Features.Set(new LoginRefusal(why));
        return null;
    }

    private byte[] Key() => secrets.KeyFor("fleet login tokens");

    private sealed record KnownAccount(
        Guid Id, string Username, string Tenant, string Role, string Password, int Epoch, bool Disabled, bool MustChangePassword);
}

/// <summary>A successful login.</summary>
internal sealed record Login(string Token, string Role, bool MustChangePassword, DateTimeOffset Until);
