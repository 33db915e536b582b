using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Attempts;

/// <summary>The directory of one attempt: what it works in, and where it leaves what is to be kept.</summary>
internal sealed class AttemptDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private AttemptDirectory(string root) => Root = root;

    public string Root { get; }

    /// <summary>Where the work starts when it names no other place.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Files in here become artifacts.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>JSON in here becomes the result.</summary>
    public string ResultFile => Path.Combine(Root, "result.json");

    public static AttemptDirectory At(string attempts, AttemptKey key) => new(Path.Combine(attempts, key.ToString()));

    public void Create()
    {
        Directory.CreateDirectory(Root, OwnerOnly);
        Directory.CreateDirectory(Work, OwnerOnly);
        Directory.CreateDirectory(Artifacts, OwnerOnly);
    }

    /// <summary>Writes a file that only this user can read and run, beside the working directory.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        using var file = new StreamWriter(new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }));
        file.Write(text);
        return path;
    }

    public Task Delete() => DirectoryTree.Delete(Root);
}
