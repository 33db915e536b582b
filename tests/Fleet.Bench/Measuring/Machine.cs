using System.Runtime.InteropServices;
using Npgsql;

namespace Fleet.Bench.Measuring;

/// <summary>What was measured on, for the head of the report.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        return $"{Environment.ProcessorCount} cores ({model ?? "unknown"}), {memory} GiB, "
            + $"Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}";
    }

    public static async Task<string> DescribeDatabase(string connectionString, CancellationToken stop)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var query = database.CreateCommand("""
            select 'PostgreSQL ' || current_setting('server_version')
                || ', fsync ' || current_setting('fsync')
                || ', synchronous_commit ' || current_setting('synchronous_commit')
                || ', shared_buffers ' || current_setting('shared_buffers')
            """);
        return (string)(await query.ExecuteScalarAsync(stop))!;
    }
}
