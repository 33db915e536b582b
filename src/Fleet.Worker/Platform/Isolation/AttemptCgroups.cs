using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>
/// Where the host has delegated a control group (version 2) to this process, as systemd does for the unit, each attempt has
/// one below it: no process leaves it, it ends as one, and memory and processor time can be bounded.
/// </summary>
internal sealed class AttemptCgroups(WorkerSettings settings, ILogger<AttemptCgroups> log)
{
    private const string Controllers = "+memory +pids +cpu";

    private string? _own;

    /// <summary>Comes before the first attempt.</summary>
    public void Open() => Use(OwnCgroup.Delegated());

    /// <param name="own">The directory that stands for this process's control group; null where it may not divide it.</param>
    public void Use(string? own)
    {
        try
        {
            if (own is not null)
                Divide(own);
            _own = own;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            log.NoCgroups(refused.Message);
        }

        if (_own is null && (settings.MaxMemoryBytes > 0 || settings.MaxCpus > 0))
            log.NoLimits();
    }

    /// <summary>Null where attempts have none.</summary>
    public AttemptCgroup? Make(AttemptKey key, AttemptLimits limits = default)
    {
        if (_own is null)
            return null;
        var group = new AttemptCgroup(Path.Combine(_own, $"attempt-{key}"));
        group.Create(settings, limits);
        return group;
    }

    /// <summary>A group that holds processes cannot be divided: this one goes into a part of its own first.</summary>
    private static void Divide(string own)
    {
        foreach (var left in Directory.EnumerateDirectories(own, "attempt-*"))
            new AttemptCgroup(left).Dispose();
        var agent = Directory.CreateDirectory(Path.Combine(own, "agent")).FullName;
        File.WriteAllText(Path.Combine(agent, "cgroup.procs"), $"{Environment.ProcessId}");
        foreach (var controller in Controllers.Split(' '))
        {
            if (File.ReadAllText(Path.Combine(own, "cgroup.controllers")).Split(' ', '\n').Contains(controller[1..]))
                File.WriteAllText(Path.Combine(own, "cgroup.subtree_control"), controller);
        }
    }
}

/// <summary>Finds the control group of this process.</summary>
internal static class OwnCgroup
{
    private const string Version2 = "0::";

    /// <summary>Its directory, if it was given to this process's user; null otherwise, and for root, who owns all of them.</summary>
    public static string? Delegated()
    {
        var path = Lines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith(Version2, StringComparison.Ordinal));
        if (path is null || path == Version2 + "/" || Mount() is not { } mount)
            return null;
        var directory = mount + path[Version2.Length..];
        var me = Libc.EffectiveUser();
        return me > 0 && FileOwner.Of(directory)?.User == me ? directory : null;
    }

    private static string? Mount() => Lines("/proc/self/mounts").Select(line => line.Split(' '))
        .FirstOrDefault(fields => fields.Length > 2 && fields[2] == "cgroup2")?[1];

    private static string[] Lines(string file) => System.Text.Encoding.UTF8.GetString(ProcFile.Read(file)).Split('\n');
}
