using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Worker.Platform.Files;

/// <summary>Files that strangers left: only plain ones are opened, never a link, a pipe or a device.</summary>
internal static class RegularFile
{
    private const int Flags = 0x80000 | 0x800; // O_RDONLY, O_CLOEXEC, O_NONBLOCK: a pipe in its place keeps nobody waiting

    /// <summary>Whether the path itself, not what it may point to, is a plain file.</summary>
    public static bool Is(string path) => FileOwner.Of(path) is { IsRegular: true };

    /// <param name="user">Whose it must be; null where strangers are this process's own user. This process may read more
    /// than they: what they link to here is not theirs to show.</param>
    /// <exception cref="IOException">It is something else by now, or somebody else's.</exception>
    public static FileStream Open(string path, ChildUser? user)
    {
        var descriptor = Libc.Open(path, Flags);
        if (descriptor < 0)
            throw new IOException($"The file '{Path.GetFileName(path)}' cannot be read.");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileOwner.Of(descriptor) is { IsRegular: true } owner && (user is null || owner.User == user.Id))
            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        handle.Dispose();
        throw new IOException($"The file '{Path.GetFileName(path)}' is not a plain file of the attempt's own.");
    }
}
