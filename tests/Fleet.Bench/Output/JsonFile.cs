using System.Text.Json;

namespace Fleet.Bench.Output;

/// <summary>Every single run, for programs to compare.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static async Task Write(string path, IReadOnlyList<string> facts, BenchOptions options, Results results)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(
            file, new { At = DateTimeOffset.UtcNow, Facts = facts, Options = options, results.Samples }, Indented);
    }
}
