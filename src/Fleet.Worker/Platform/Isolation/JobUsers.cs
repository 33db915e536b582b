using System.Text;
using Microsoft.Extensions.Options;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>
/// Says as whom the processes of an attempt run. Where this process may switch users that is never its own user: each
/// tenant has one, and each attempt has a group besides.
/// </summary>
internal sealed class JobUsers(WorkerSettings settings)
{
    /// <summary>The setting by which jobs run as the agent itself.</summary>
    public const string Self = "self";

    private readonly Lock _gate = new();
    private readonly HashSet<uint> _groupsInUse = [];
    private TenantUsers? _tenants;
    private (uint Id, IReadOnlyList<uint> Groups)? _one;
    private uint _nextGroup;

    /// <summary>Whether attempts have users of their own; as the settings and this process's rights say.</summary>
    public bool Switches { get; } = settings.RunAs != Self && (settings.RunAs.Length > 0 || OwnProcess.MaySwitchUsers);

    /// <summary>Every group that attempts of this agent have or had.</summary>
    public IdRange AllGroups { get; private set; }

    /// <summary>The groups of this run's attempts; those of the run before are others.</summary>
    public IdRange Groups { get; private set; }

    /// <summary>Comes before the first attempt.</summary>
    /// <param name="home">Where it is remembered which user is whose.</param>
    /// <exception cref="OptionsValidationException">The settings ask for what cannot be.</exception>
    public void Open(string home)
    {
        if (!Switches)
            return;
        if (!OwnProcess.MaySwitchUsers)
            throw Wrong($"Worker:RunAs is '{settings.RunAs}', but this process may not switch users. Start it as root or by the "
                + $"unit of systemd, with CAP_SETUID and the others named there, or set it to '{Self}'.");
        if (SwitchUser.Tool is null)
            throw Wrong($"Worker:RunAs needs the program setpriv. Install util-linux, or set it to '{Self}': then jobs may do what "
                + "this agent may.");
        if (settings.RunAs.Length > 0 && IdRange.Parse(settings.RunAs) is null)
            _one = NamedUser.Find(settings.RunAs)
                ?? throw Wrong($"Worker:RunAs is '{settings.RunAs}', but this host has no such user.");
        AllGroups = IdRange.Parse(settings.RunAs) ?? OwnRange(home);
        _tenants = new TenantUsers(Path.Combine(home, "tenants"), AllGroups);
        Groups = AllGroups.Half(TurnOver(Path.Combine(home, "half")));
        _nextGroup = Groups.First;
    }

    /// <summary>Null where attempts run as the agent itself.</summary>
    /// <exception cref="IOException">It cannot be had, and why.</exception>
    public ChildUser? Take(string tenant)
    {
        if (!Switches)
            return null;
        lock (_gate)
        {
            var id = _one?.Id ?? _tenants!.Of(tenant)
                ?? throw new IOException($"Worker:RunAs has no user left for the tenant {tenant}: name a longer range.");
            return new ChildUser(id, TakeGroup(), _one?.Groups ?? []);
        }
    }

    /// <summary>Nothing of the attempt lives any more.</summary>
    public void Give(ChildUser? user)
    {
        if (user is null)
            return;
        lock (_gate)
            _groupsInUse.Remove(user.Group);
    }

    private uint TakeGroup()
    {
        for (var tries = 0L; tries < Groups.Length; tries++)
        {
            var group = _nextGroup;
            _nextGroup = group == Groups.Last ? Groups.First : group + 1;
            if (_groupsInUse.Add(group))
                return group;
        }

        throw new IOException("Worker:RunAs has too few ids for so many attempts at once: name a longer range.");
    }

    /// <summary>
    /// Two fleets of one host may have agents of the same name, and neither may end the other's jobs. A home that has given
    /// numbers already, by the name alone, keeps them.
    /// </summary>
    private IdRange OwnRange(string home)
    {
        var file = Path.Combine(home, "ids");
        if (File.Exists(file) && IdRange.Parse(File.ReadAllText(file).Trim()) is { } kept)
            return kept;
        var range = IdRange.Of(File.Exists(Path.Combine(home, "tenants")) ? settings.Name : $"{settings.Name} {home}");
        using (var fresh = File.Create($"{file}.new"))
        {
            fresh.Write(Encoding.UTF8.GetBytes($"{range.First}-{range.Last}\n"));
            fresh.Flush(flushToDisk: true);
        }

        File.Move($"{file}.new", file, overwrite: true);
        return range;
    }

    /// <summary>Runs take turns, so that what still ends the attempts of the last one does not meet those of this one.</summary>
    private static bool TurnOver(string file)
    {
        var upper = !(File.Exists(file) && File.ReadAllText(file).Trim() == "upper");
        File.WriteAllText(file, upper ? "upper\n" : "lower\n");
        return upper;
    }

    private static OptionsValidationException Wrong(string sentence) => new("Worker", typeof(WorkerSettings), [sentence]);
}
