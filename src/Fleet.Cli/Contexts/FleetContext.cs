using Fleet.Cli.Failures;

namespace Fleet.Cli.Contexts;

/// <summary>A fleet that can be asked: where it is, and with which key.</summary>
/// <param name="Name">Null where it is not one of the user's contexts.</param>
/// <param name="Key">The key, or null.</param>
/// <param name="KeyFile">A file that holds it, read each time; or null.</param>
/// <param name="CaFile">Certificates of the authorities that alone are believed; null means the host's.</param>
/// <param name="Source">Where this was said, for people.</param>
internal sealed record FleetContext(string? Name, Uri Url, string? Key, string? KeyFile, string? CaFile, string Source)
{
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public string? ReadKey()
    {
        if (KeyFile is null)
            return Key;
        try
        {
            return File.ReadAllText(KeyFile).Trim();
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.NotAllowed,
                $"The key in {KeyFile} cannot be read: {lost.Message}",
                "Run this as its owner, or log in: fleet login URL");
        }
    }

    /// <exception cref="CommandException">It is none.</exception>
    public static Uri ReadUrl(string text, string source) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw CommandException.Usage(
                $"{source} is no address of a fleet: '{text}'.", "Write it as https://fleet.example or http://127.0.0.1:8080.");
}
