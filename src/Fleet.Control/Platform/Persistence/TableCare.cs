namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// For the migration that makes them: tables that grow large and from which much is deleted at once. By default the
/// server looks after dead rows when they are a fifth of a table, which of a million is late: space that retention
/// freed would be found again only after as much was added.
/// </summary>
internal static class TableCare
{
    private static readonly string[] Tables =
        ["jobs", "journal", "artifacts", "artifact_chunks", "webhook_deliveries", "audit"];

    /// <summary>Also of what is stored beside a table because it is large.</summary>
    public static string ReuseSpaceSooner => string.Join('\n', Tables.Select(table =>
        $"""
        ALTER TABLE {table} SET (
            autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000,
            toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 5000);
        """));
}
