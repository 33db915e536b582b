using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Attempts;

/// <summary>
/// The directory of one attempt: what it works in, and where it leaves what is to be kept. Nobody but its user, and this
/// agent, sees into it.
/// </summary>
internal sealed class AttemptDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private AttemptDirectory(string root, ChildUser? user) => (Root, User) = (root, user);

    public string Root { get; }

    /// <summary>As whom the attempt's processes run; null means as this agent.</summary>
    public ChildUser? User { get; }

    /// <summary>Where the work starts when it names no other place.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Files in here become artifacts.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>Its own place for temporary files.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>JSON in here becomes the result.</summary>
    public string ResultFile => Path.Combine(Root, "result.json");

    public static AttemptDirectory At(string attempts, AttemptKey key, ChildUser? user = null) =>
        new(Path.Combine(attempts, key.ToString()), user);

    /// <param name="isClosed">Whether nobody but this agent comes into it before <see cref="Open"/>.</param>
    public void Create(bool isClosed = false)
    {
        Directory.CreateDirectory(Root, OwnerOnly);
        foreach (var inside in (string[])[Work, Artifacts, Temporary])
        {
            Directory.CreateDirectory(inside, OwnerOnly);
            Give(inside);
        }

        if (!isClosed)
            Open();
    }

    /// <summary>Lets the attempt's user in, and so all processes that run as that user.</summary>
    public void Open() => Give(Root);

    /// <summary>Writes a file that only the attempt's user can read and run, beside the working directory.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        using (var file = new StreamWriter(new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        })))
            file.Write(text);
        Give(path);
        return path;
    }

    public Task Delete() => DirectoryTree.Delete(Root, byOthers: User is not null);

    /// <summary>Makes it the attempt's user's own.</summary>
    /// <exception cref="IOException">The system refuses it.</exception>
    public void Give(string path)
    {
        if (User is { } user && Libc.ChangeOwner(path, user.Id, user.Group) != 0)
            throw new IOException($"{path} cannot be given to the user {user.Id} of the attempt.");
    }
}
