using System.Text;

namespace Fleet.Worker.Platform.Files;

/// <summary>A file with one secret in it, for this user's eyes only; it is whole or not there at all.</summary>
internal sealed class SecretFile(string path)
{
    public string Path { get; } = path;

    /// <summary>Null when there is none.</summary>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public string? Read()
    {
        try
        {
            var text = File.ReadAllText(Path).Trim();
            return text.Length > 0 ? text : null;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(string secret)
    {
        var draft = Path + ".new";
        File.Delete(draft); // whatever mode it has
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path, overwrite: true);
    }

    public void Delete() => File.Delete(Path);
}
