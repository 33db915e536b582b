using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Files;

/// <summary>What a path is, and whose: the path itself, not what it may point to.</summary>
internal readonly unsafe record struct FileOwner(uint User, uint Group, bool IsRegular)
{
    private const int FromHere = -100; // AT_FDCWD
    private const int ThisFile = 0x1000; // AT_EMPTY_PATH
    private const int DoNotFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint Wanted = 0x1 | 0x2 | 0x8 | 0x10; // STATX_TYPE, MODE, UID, GID
    private const int UserAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;
    private const int SizeOfAnswer = 256;

    /// <summary>Null when there is nothing, or it must not be seen.</summary>
    public static FileOwner? Of(string path) => Ask(FromHere, path, DoNotFollow);

    /// <summary>Of an open file.</summary>
    public static FileOwner? Of(int file) => Ask(file, "", ThisFile);

    private static FileOwner? Ask(int directory, string path, int flags)
    {
        var answer = stackalloc byte[SizeOfAnswer];
        return Libc.StatX(directory, path, flags, Wanted, answer) != 0 ? null : new FileOwner(
            *(uint*)(answer + UserAt), *(uint*)(answer + GroupAt), (*(ushort*)(answer + ModeAt) & TypeBits) == Regular);
    }
}
