using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Files;

/// <summary>Files that strangers left: only plain ones are opened, never a link, a pipe or a device.</summary>
internal static unsafe class RegularFile
{
    private const int FromHere = -100; // AT_FDCWD
    private const int DoNotFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeAndMode = 0x3;
    private const int ModeAt = 28;
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;
    private const int SizeOfAnswer = 256;

    /// <summary>Whether the path itself, not what it may point to, is a plain file.</summary>
    public static bool Is(string path)
    {
        var answer = stackalloc byte[SizeOfAnswer];
        return Libc.StatX(FromHere, path, DoNotFollow, TypeAndMode, answer) == 0
            && (*(ushort*)(answer + ModeAt) & TypeBits) == Regular;
    }

    public static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.SequentialScan,
        BufferSize = 0,
    });
}
