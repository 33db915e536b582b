using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>What a failure of the database means for the work that met it.</summary>
internal static class DatabaseFailure
{
    /// <summary>Another process changed or created a row first: load again and repeat.</summary>
    public static bool IsConflict(Exception failure) => Chain(failure).Any(cause => cause is
        DbUpdateConcurrencyException
        or PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.DeadlockDetected
        });

    /// <summary>The server is away, restarting, or out of room: nothing is wrong with the work.</summary>
    public static bool IsOutage(Exception failure) => !IsConflict(failure) && Chain(failure).Any(cause => cause switch
    {
        PostgresException refused =>
            refused.IsTransient
            || refused.SqlState.StartsWith("53", StringComparison.Ordinal) // insufficient resources
            || refused.SqlState.StartsWith("57P", StringComparison.Ordinal) // shutting down, starting up
            || refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException => true,
        _ => false,
    });

    /// <summary>The server lets this user in nowhere, or not there: no repetition helps.</summary>
    public static bool IsRefusal(PostgresException refused) => refused.SqlState
        is PostgresErrorCodes.InvalidPassword
        or PostgresErrorCodes.InvalidAuthorizationSpecification
        or PostgresErrorCodes.InvalidCatalogName
        or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>The same may well succeed a moment later.</summary>
    public static bool IsPassing(Exception failure) => IsConflict(failure) || IsOutage(failure);

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            yield return failure;
    }
}
