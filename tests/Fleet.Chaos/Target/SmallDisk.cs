using System.ComponentModel;

namespace Fleet.Chaos.Target;

/// <summary>A small file system that one agent works on, and that can be filled to the last byte.</summary>
internal sealed class SmallDisk
{
    private const int Megabytes = 48;
    private const int Piece = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _filler;

    private SmallDisk(string directory)
    {
        Work = Path.Combine(directory, "work");
        _filler = Path.Combine(directory, "filler");
        Directory.CreateDirectory(Work);
    }

    /// <summary>The agent's work directory.</summary>
    public string Work { get; }

    /// <summary>Null, with the reason, where the machine or the user does not allow it.</summary>
    public static async Task<(SmallDisk? Disk, string Reason)> Mount(string directory)
    {
        try
        {
            await Shell.Run(
                "mount", ["-t", "tmpfs", "-o", $"size={Megabytes}m,mode=755", "fleet-chaos", directory],
                new Dictionary<string, string>(), Patience);
            return (new SmallDisk(directory), "");
        }
        catch (Exception impossible) when (impossible is InvalidOperationException or Win32Exception)
        {
            return (null, impossible.Message.Split('\n')[0]);
        }
    }

    public void Fill()
    {
        using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1);
        foreach (var size in (int[])[Piece, 1])
        {
            try
            {
                for (var piece = new byte[size]; ;)
                    file.Write(piece);
            }
            catch (IOException)
            {
                // full, or nearly: smaller pieces may fit
            }
        }
    }

    public void Empty() => File.Delete(_filler);
}
