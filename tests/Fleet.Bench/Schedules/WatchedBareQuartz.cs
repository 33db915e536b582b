using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Fleet.Bench.Schedules;

/// <summary>A <see cref="BareQuartz"/>, its process, and the schema in which its tables are; dropped at the end.</summary>
internal sealed class WatchedBareQuartz : IAsyncDisposable
{
    public const string Role = "quartz";

    private const string Schema = "fleet_bench_quartz";

    private readonly NpgsqlDataSource _database;
    private readonly Process _process;

    private WatchedBareQuartz(NpgsqlDataSource database, Process process) => (_database, _process) = (database, process);

    public int Pid => _process.Id;

    /// <summary>Returns when all triggers are stored.</summary>
    /// <param name="zero">When the first of them is due.</param>
    public static async Task<WatchedBareQuartz> Start(string connection, int count, DateTime zero, CancellationToken stop)
    {
        var database = NpgsqlDataSource.Create(connection);
        await Run(database, $"drop schema if exists {Schema} cascade; create schema {Schema}");
        string[] arguments =
            [typeof(BareQuartz).Assembly.Location, BareQuartz.Command, count.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var quartz = new WatchedBareQuartz(database, process);
        try
        {
            var own = new NpgsqlConnectionStringBuilder(connection) { SearchPath = Schema, ApplicationName = "fleet-bench" };
            await process.StandardInput.WriteLineAsync(own.ConnectionString);
            await process.StandardInput.WriteLineAsync(zero.ToString("O", CultureInfo.InvariantCulture));
            await process.StandardInput.FlushAsync(stop);
            return await process.StandardOutput.ReadLineAsync(stop) is "ready"
                ? quartz
                : throw new InvalidOperationException("Bare Quartz did not start.");
        }
        catch
        {
            await quartz.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it; what it has fired since it started.</summary>
    public async Task<IReadOnlyList<Fire>> End(CancellationToken stop)
    {
        _process.StandardInput.Close();
        var fires = new List<Fire>();
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            var (parts, culture) = (line.Split(' '), CultureInfo.InvariantCulture);
            fires.Add(new Fire(parts[0], long.Parse(parts[1], culture), double.Parse(parts[2], culture)));
        }

        return fires;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(); // nobody waits for it any more, and its tables go now
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Run(_database, $"drop schema if exists {Schema} cascade");
        await _database.DisposeAsync();
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
