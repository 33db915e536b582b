using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>
/// Counts wrong passwords by account and by where they came from: who guesses is kept out, and not who knows the password. Guesses
/// from everywhere together close an account too, but not to addresses from which it was opened before. Table
/// <c>account_addresses</c>.
/// </summary>
internal sealed class AccountGuesses(NpgsqlDataSource database, AccessSettings settings)
{
    /// <summary>What is left of an address that only guessed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly TimeSpan _known = TimeSpan.FromDays(settings.KnownAddressDays);

    /// <summary>Whether a password from there is believed if it is right.</summary>
    public async Task<bool> MayTry(Guid account, string address, DateTimeOffset now, CancellationToken stop) =>
        await database.Scalar(
            $"select true from {Open} where account.id = $1",
            stop, SqlValue.Of(account), SqlValue.Of(address), SqlValue.Of(now), SqlValue.Of(now - _known)) is true;

    /// <summary>The right password came: where it came from is known from now on.</summary>
    /// <returns>False where it was closed, or the account changed, in between.</returns>
    public async Task<bool> NoteRight(Guid account, int epoch, string address, DateTimeOffset now, CancellationToken stop) =>
        await database.Execute(
            $"""
            with opened as (
                update accounts set wrong_in_a_row = 0, last_login_at = $3
                where epoch = $5 and not disabled and id in (select account.id from {Open} where account.id = $1)
                returning id)
            insert into account_addresses (account, address, wrong_in_a_row, logged_in_at, at)
            select id, $2, 0, $3, $3 from opened
            on conflict (account, address) do update set wrong_in_a_row = 0, locked_until = null, logged_in_at = $3, at = $3
            """,
            stop, SqlValue.Of(account), SqlValue.Of(address), SqlValue.Of(now), SqlValue.Of(now - _known), SqlValue.Of(epoch)) == 1;

    public async Task NoteWrong(Guid account, string address, DateTimeOffset now, CancellationToken stop)
    {
        await database.Execute(
            """
            with counted as (
                update accounts set wrong_in_a_row = case when wrong_in_a_row + 1 >= $6 then 0 else wrong_in_a_row + 1 end,
                    locked_until = case when wrong_in_a_row + 1 >= $6 then $4 else locked_until end
                where id = $1 returning id)
            insert into account_addresses as here (account, address, wrong_in_a_row, locked_until, at)
            select id, $2, case when $5 = 1 then 0 else 1 end, case when $5 = 1 then $4 end, $3 from counted
            on conflict (account, address) do update set at = $3,
                wrong_in_a_row = case when here.wrong_in_a_row + 1 >= $5 then 0 else here.wrong_in_a_row + 1 end,
                locked_until = case when here.wrong_in_a_row + 1 >= $5 then $4 else here.locked_until end
            """,
            stop, SqlValue.Of(account), SqlValue.Of(address), SqlValue.Of(now), SqlValue.Of(now.AddSeconds(settings.LockSeconds)),
            SqlValue.Of(settings.WrongPasswords), SqlValue.Of(settings.WrongPasswordsInAll));
        await database.Execute(
            "delete from account_addresses where account = $1 and at < $2 and (logged_in_at is null or logged_in_at < $3)",
            stop, SqlValue.Of(account), SqlValue.Of(now - Remembered), SqlValue.Of(now - _known));
    }

    /// <summary>An account with another password is closed to nobody.</summary>
    public Task Forget(Guid account, CancellationToken stop) => database.Execute(
        "update account_addresses set wrong_in_a_row = 0, locked_until = null where account = $1", stop, SqlValue.Of(account));

    /// <summary>Of $2, the address, at $3; $4 is since when a login makes an address known.</summary>
    private const string Open =
        """
        (select one.id from accounts one left join account_addresses here on here.account = one.id and here.address = $2
         where (here.locked_until is null or here.locked_until <= $3)
             and (one.locked_until is null or one.locked_until <= $3 or here.logged_in_at > $4)) account
        """;
}
