using System.Globalization;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>
/// Connections for questions that clients think up. There are few of them, and the server ends what takes too long, so
/// that whatever is asked, the connections that work is done on stay free.
/// </summary>
internal sealed class SearchDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _quick;
    private readonly NpgsqlDataSource _patient;
    private readonly SemaphoreSlim _lists;
    private readonly SemaphoreSlim _searches;
    private readonly TimeSpan _longestWait;

    public SearchDatabase(PostgresSettings postgres, SearchSettings settings)
    {
        _quick = Open(postgres, settings.ListsAtOnce, TimeSpan.FromSeconds(settings.QuickSeconds), "lists");
        _patient = Open(postgres, settings.AtOnce, TimeSpan.FromSeconds(settings.TimeLimitSeconds), "searches");
        _lists = new SemaphoreSlim(settings.ListsAtOnce);
        _searches = new SemaphoreSlim(settings.AtOnce);
        _longestWait = TimeSpan.FromSeconds(Math.Max(5, settings.TimeLimitSeconds));
    }

    /// <summary>For one statement, which the server ends after <see cref="SearchSettings.QuickSeconds"/>.</summary>
    /// <returns>Null when there is no turn to be had.</returns>
    public Task<SearchTurn?> Quick(CancellationToken stop) => Take(_lists, _quick, stop);

    /// <summary>For statements that end themselves in time.</summary>
    /// <returns>Null when there is no turn to be had.</returns>
    public Task<SearchTurn?> Patient(CancellationToken stop) => Take(_searches, _patient, stop);

    public async ValueTask DisposeAsync()
    {
        await _quick.DisposeAsync();
        await _patient.DisposeAsync();
        _lists.Dispose();
        _searches.Dispose();
    }

    private async Task<SearchTurn?> Take(SemaphoreSlim turns, NpgsqlDataSource database, CancellationToken stop)
    {
        if (!await turns.WaitAsync(_longestWait, stop))
            return null;
        try
        {
            return new SearchTurn(await Connect(database, stop), turns);
        }
        catch
        {
            turns.Release();
            throw;
        }
    }

    /// <summary>One that answers: those that lie idle may be from before a restart of the server.</summary>
    private static async Task<NpgsqlConnection> Connect(NpgsqlDataSource database, CancellationToken stop)
    {
        var connection = await database.OpenConnectionAsync(stop);
        try
        {
            await using var ask = new NpgsqlCommand("select 1", connection);
            await ask.ExecuteNonQueryAsync(stop);
            return connection;
        }
        catch (NpgsqlException) when (!stop.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            database.Clear();
            return await database.OpenConnectionAsync(stop);
        }
    }

    /// <summary>
    /// Every plan is made for the values at hand, as the partial indexes need it, and none is shared out to other
    /// processors or compiled.
    /// </summary>
    private static NpgsqlDataSource Open(PostgresSettings postgres, int connections, TimeSpan limit, string name)
    {
        var text = new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
        {
            MaxPoolSize = connections,
            MinPoolSize = 0,
            NoResetOnClose = true,
            Timeout = 5,
            CommandTimeout = 0, // the server's limit counts
            ApplicationName = $"fleet-control-{name}@{Environment.MachineName}",
        };
        var milliseconds = limit.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        text.Options = string.Join(
            ' ',
            text.Options,
            "-c plan_cache_mode=force_custom_plan -c jit=off -c max_parallel_workers_per_gather=0").Trim();
        var source = new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = $"fleet-{name}" };
        // The limit is set last: who opens a connection does not ask anything yet.
        var prepare = $"{(name == "searches" ? $"{OutputSql.CreateReader};" : "")} set statement_timeout = {milliseconds}";
        source.UsePhysicalConnectionInitializer(
            connection => Prepare(connection, prepare), connection => PrepareAsync(connection, prepare));
        return source.Build();
    }

    private static void Prepare(NpgsqlConnection connection, string sql)
    {
        using var prepare = new NpgsqlCommand(sql, connection);
        prepare.ExecuteNonQuery();
    }

    private static async Task PrepareAsync(NpgsqlConnection connection, string sql)
    {
        await using var prepare = new NpgsqlCommand(sql, connection);
        await prepare.ExecuteNonQueryAsync();
    }
}

/// <summary>A connection and the right to use it.</summary>
internal sealed class SearchTurn(NpgsqlConnection connection, SemaphoreSlim turns) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        turns.Release();
    }
}
