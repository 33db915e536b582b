using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Notebooks;

/// <summary>What notebooks keep on this host from one start to the next: a directory each, which their tenant's user owns.</summary>
internal sealed class NotebookFiles(WorkerSettings settings, JobUsers users)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _root = Path.Combine(settings.Home, "notebooks");

    /// <summary>The directory of a notebook, made where it is not there yet, and given to the user of the attempt.</summary>
    /// <exception cref="IOException">It cannot be.</exception>
    public string Open(Guid notebook, AttemptDirectory attempt)
    {
        Directory.CreateDirectory(_root, OwnerOnly);
        if (users.Switches)
            File.SetUnixFileMode(_root, PassThrough); // users of jobs come through to their own, and see nothing else
        var place = PlaceOf(notebook);
        Directory.CreateDirectory(place, OwnerOnly);
        attempt.Give(place);
        return place;
    }

    /// <exception cref="IOException">Something of it stays.</exception>
    public Task Remove(Guid notebook) => DirectoryTree.Delete(PlaceOf(notebook), byOthers: users.Switches);

    private string PlaceOf(Guid notebook) => Path.Combine(_root, WireId.Format(notebook));
}
