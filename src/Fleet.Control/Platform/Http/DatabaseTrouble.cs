using Npgsql;

namespace Fleet.Control.Platform.Http;

/// <summary>Tells a database that is away from one that answers with an error.</summary>
internal static class DatabaseTrouble
{
    /// <summary>
    /// True when the same request may well succeed later; EF and others wrap the cause, so all of it is looked at.
    /// </summary>
    public static bool IsUnavailable(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is NpgsqlException { IsTransient: true })
                return true;
        }

        return false;
    }
}
