using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Client;

namespace Fleet.Cli.Contexts;

/// <summary>Contexts as they are kept: <c>{"current": "name", "contexts": {"name": {"url": …, "key": …}}}</c>.</summary>
internal sealed record ContextFile(string? Current, Dictionary<string, StoredContext>? Contexts)
{
    /// <summary>For their owner alone.</summary>
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Json = new(FleetJson.Requests) { WriteIndented = true };

    public Dictionary<string, StoredContext> All => Contexts ?? [];

    /// <summary>Nothing where there is no file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static ContextFile Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<ContextFile>(File.ReadAllText(path), Json) ?? new ContextFile(null, null)
                : new ContextFile(null, null);
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Error, $"{path} cannot be read: {broken.Message}", "Repair or delete it, and log in again: fleet login URL");
        }
    }

    /// <summary>All of it or nothing, with mode 0600.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = $"{path}.{Environment.ProcessId}";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = Private;
        using (var file = new FileStream(next, how))
            JsonSerializer.Serialize(file, this, Json);
        File.Move(next, path, overwrite: true);
    }
}

/// <param name="Url">The edge.</param>
/// <param name="Key">The key itself; or <paramref name="KeyFile"/>, which holds it.</param>
/// <param name="CaFile">Certificates of the authorities that alone are believed.</param>
internal sealed record StoredContext(string Url, string? Key = null, string? KeyFile = null, string? CaFile = null);
