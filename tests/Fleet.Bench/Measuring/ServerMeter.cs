using System.Globalization;
using Npgsql;

namespace Fleet.Bench.Measuring;

/// <summary>What broker and database have done since they began, by their own counters.</summary>
/// <param name="metrics">Where the broker tells its counters, in Prometheus' format.</param>
internal sealed class ServerMeter(string connectionString, Uri metrics) : IAsyncDisposable
{
    private const string Received = "rabbitmq_global_messages_received_total";
    private const string Delivered = "rabbitmq_global_messages_delivered_total";

    /// <summary>A connection of the database that rests tells after ten seconds what it did last.</summary>
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(12);

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fleet-bench" });

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>When nothing is done any more, and all is counted.</summary>
    public async Task<ServerReading> AtRest(CancellationToken stop)
    {
        await Task.Delay(UntilTold, stop);
        var lines = (await _http.GetStringAsync(metrics, stop)).Split('\n');
        await using var query = _database.CreateCommand(
            $"""
            select (select xact_commit from pg_stat_database where datname = current_database()),
                   (select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables)::bigint,
                   (select wal_bytes from pg_stat_wal)::bigint, {await Statements(stop)}
            """);
        await using var row = await query.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new ServerReading(
            Sum(lines, Received), Sum(lines, Delivered), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2),
            row.IsDBNull(3) ? null : row.GetInt64(3));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>Counted only where <c>pg_stat_statements</c> is loaded and installed.</summary>
    private async Task<string> Statements(CancellationToken stop)
    {
        await using var query = _database.CreateCommand("select to_regclass('pg_stat_statements') is not null");
        return await query.ExecuteScalarAsync(stop) is true
            ? "(select sum(calls) from pg_stat_statements)::bigint"
            : "null::bigint";
    }

    private static double Sum(string[] lines, string counter) => lines
        .Where(line => line.StartsWith(counter, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}

/// <summary>Messages, transactions, rows, bytes of WAL and statements since the servers began.</summary>
/// <param name="Rows">Inserted, updated and deleted.</param>
/// <param name="Statements">Null where nobody counts them.</param>
internal sealed record ServerReading(
    double Received, double Delivered, long Transactions, long Rows, long WalBytes, long? Statements)
{
    public void AddUseSince(ServerReading before, double units, Dictionary<string, double> figures)
    {
        figures["messages_published"] = (Received - before.Received) / units;
        figures["messages_delivered"] = (Delivered - before.Delivered) / units;
        figures["transactions"] = (Transactions - before.Transactions) / units;
        figures["rows_written"] = (Rows - before.Rows) / units;
        figures["wal_bytes"] = (WalBytes - before.WalBytes) / units;
        if (Statements is { } now && before.Statements is { } then)
            figures["statements"] = (now - then) / units;
    }
}
