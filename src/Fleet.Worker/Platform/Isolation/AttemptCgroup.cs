using System.Globalization;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>The control group of one attempt.</summary>
internal sealed class AttemptCgroup(string directory) : IDisposable
{
    private const int Period = 100_000; // microseconds

    /// <exception cref="IOException">The host refuses it.</exception>
    public void Create(WorkerSettings settings, AttemptLimits limits = default)
    {
        Directory.CreateDirectory(directory);
        Limit("pids.max", settings.MaxProcesses);
        if (Least(settings.MaxMemoryBytes, limits.MemoryBytes) is > 0 and var memory)
            Limit("memory.max", (long)memory);
        if (Least(settings.MaxCpus, limits.Cpus) is > 0 and var cpus)
            Limit("cpu.max", $"{(long)(cpus * Period)} {Period}");
    }

    /// <summary>Takes in a process that was just started; its children are born into the group.</summary>
    public void Add(int process) => Say("cgroup.procs", process);

    /// <summary>Kills all that is in it, at once.</summary>
    public void Kill() => Say("cgroup.kill", 1);

    /// <summary>One that still holds a process stays; there is nothing else to be removed.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // the kernel lets it go when the last process of it is gone, and the start of the next run removes it
        }
    }

    /// <summary>Of two limits that hold both; 0 is none.</summary>
    private static double Least(double one, double other) =>
        one > 0 && other > 0 ? Math.Min(one, other) : Math.Max(one, other);

    /// <summary>A controller that was not delegated has no such file.</summary>
    private void Limit(string file, FormattableString value)
    {
        if (File.Exists(Path.Combine(directory, file)))
            File.WriteAllText(Path.Combine(directory, file), value.ToString(CultureInfo.InvariantCulture));
    }

    private void Limit(string file, long value) => Limit(file, $"{value}");

    /// <summary>What has ended meanwhile, or a kernel that cannot, changes nothing: others find the processes too.</summary>
    private void Say(string file, int value)
    {
        try
        {
            File.WriteAllText(Path.Combine(directory, file), value.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // see above
        }
    }
}

/// <summary>What one attempt may take beyond what the host's settings say; 0 is no limit.</summary>
internal readonly record struct AttemptLimits(double Cpus, long MemoryBytes);
