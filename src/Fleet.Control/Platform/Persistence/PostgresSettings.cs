using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Where the database is: section <c>Postgres</c>.</summary>
public sealed class PostgresSettings
{
    [Required]
    public string ConnectionString { get; set; } = "Host=127.0.0.1;Port=5432;Username=fleet;Database=fleet";

    /// <summary>
    /// Connections of one Control process; all processes together must stay under the server's limit.
    /// </summary>
    [Range(5, 1000)]
    public int MaxConnections { get; set; } = 30;
}
