namespace Fleet.Chaos.Target;

/// <summary>The directory of one run: the fleet's home, and beside it what the run itself needs.</summary>
internal sealed class ChaosPlace
{
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Everybody = (UnixFileMode)0x3FF; // 01777, like /tmp

    public ChaosPlace()
    {
        Root = Directory.CreateTempSubdirectory("fleet-chaos-").FullName;
        File.SetUnixFileMode(Root, PassThrough); // the servers' own users reach their data
        Home = new FleetHome(Path.Combine(Root, "home"));
        foreach (var directory in (string[])[Effects, Shims, Overrides, Disk])
            Directory.CreateDirectory(directory);
        File.SetUnixFileMode(Effects, Everybody); // jobs run as other users
    }

    public string Root { get; }

    public FleetHome Home { get; }

    /// <summary>One file a job, appended to by its attempts.</summary>
    public string Effects => Path.Combine(Root, "effects");

    /// <summary>Stands first in the PATH of the fleet's scripts.</summary>
    public string Shims => Path.Combine(Root, "bin");

    /// <summary>Settings that one process has for itself.</summary>
    public string Overrides => Path.Combine(Root, "overrides");

    /// <summary>Where a small file system is mounted.</summary>
    public string Disk => Path.Combine(Root, "disk");

    /// <summary>Short, and no two runs at the same time share it.</summary>
    public static int Tag => Environment.ProcessId;
}
