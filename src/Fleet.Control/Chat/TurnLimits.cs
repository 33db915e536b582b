using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Chat;

/// <summary>How much may be asked: by one user, and by all of them. Without limits, nothing is counted.</summary>
internal sealed class TurnLimits(NpgsqlDataSource database, ChatSettings settings, DatabaseClock clock)
{
    /// <summary>The time of the turn that fills the limit, counted back from the latest; null while there is room.</summary>
    private const string Full =
        """
        select created_at from (
            select created_at, count(*) over latest as turns,
                   sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) over latest as tokens
            from exchanges where created_at > $1 and not is_copy and ($2::uuid is null or owner = $2)
            window latest as (order by created_at desc, turn_id)) counted
        where ($3 and turns >= $4) or (not $3 and tokens >= $4) order by created_at desc limit 1
        """;

    private readonly Limit[] _limits =
    [
        new(settings.UserTurnsPerHour, IsTurns: true, TimeSpan.FromHours(1), IsUsers: true),
        new(settings.UserTokensPerHour, IsTurns: false, TimeSpan.FromHours(1), IsUsers: true),
        new(settings.UserTokensPerDay, IsTurns: false, TimeSpan.FromDays(1), IsUsers: true),
        new(settings.TurnsPerHour, IsTurns: true, TimeSpan.FromHours(1), IsUsers: false),
        new(settings.TokensPerHour, IsTurns: false, TimeSpan.FromHours(1), IsUsers: false),
        new(settings.TokensPerDay, IsTurns: false, TimeSpan.FromDays(1), IsUsers: false),
    ];

    /// <exception cref="ProblemException">One of them is reached: 429, and when it is worth to try again.</exception>
    public async Task Check(Guid user, CancellationToken stop)
    {
        foreach (var limit in _limits.Where(limit => limit.Most > 0))
        {
            var since = clock.Now - limit.Time;
            await using var count = database.CreateCommand(
                Full,
                SqlValue.Of(since),
                new NpgsqlParameter<Guid?> { TypedValue = limit.IsUsers ? user : null },
                SqlValue.Of(limit.IsTurns),
                SqlValue.Of((decimal)limit.Most));
            if (await count.ExecuteScalarAsync(stop) is DateTime full)
                throw new ProblemException(limit.Reached(new DateTimeOffset(full) - since));
        }
    }

    private sealed record Limit(long Most, bool IsTurns, TimeSpan Time, bool IsUsers)
    {
        public ProblemResult Reached(TimeSpan wait) => new(
            429,
            IsTurns ? "turn_limit" : "token_limit",
            $"{(IsUsers ? "One user" : "All users together")} may have {Most} {(IsTurns ? "turns" : "tokens")} "
                + $"in {(Time.TotalHours > 1 ? "a day" : "an hour")}.")
        {
            RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1),
        };
    }
}
