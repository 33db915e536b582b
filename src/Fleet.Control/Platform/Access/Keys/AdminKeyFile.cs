using System.Text;
using Microsoft.Extensions.Options;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// The file with the first admin key: mode 0600, and whole or not there at all. It is written under another name
/// first, so that the key can be stored in between.
/// </summary>
internal sealed class AdminKeyFile(AccessSettings settings, IHostEnvironment host)
{
    public string Path { get; } = System.IO.Path.GetFullPath(settings.AdminKeyFile, host.ContentRootPath);

    private string Draft => Path + ".new";

    /// <summary>The key in a draft that an interrupted start left behind.</summary>
    public string? ReadDraft() => File.Exists(Draft) ? File.ReadAllText(Draft).TrimEnd('\n') : null;

    public void WriteDraft(string key)
    {
        try
        {
            if (Directory.Exists(Path))
                throw new IOException("a directory has this name.");
            File.Delete(Draft); // whatever mode it has
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(Draft, options);
            file.Write(Encoding.ASCII.GetBytes(key + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(refused);
        }
    }

    public void Publish()
    {
        try
        {
            File.Move(Draft, Path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(refused);
        }
    }

    public void DeleteDraft() => File.Delete(Draft);

    /// <summary>Ends the start with its sentence, like any wrong setting.</summary>
    private OptionsValidationException CannotWrite(Exception refused) => new(
        "Access",
        typeof(AccessSettings),
        [$"AdminKeyFile: the first admin key cannot be written to {Path}: {refused.Message}"]);
}
