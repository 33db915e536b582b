using System.Security.Cryptography;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;

namespace Fleet.Control.Tests.Notebooks;

/// <summary>Per test class: a Control with a key for secrets, and agents that have notebooks.</summary>
public sealed class NotebookFleet : PacketFleet
{
    private string? _last;

    protected override (string Key, string Value)[] Settings => [("Secrets:KeyFile", Key())];

    /// <summary>The only one that new notebooks are given to, unless they name another.</summary>
    internal async Task<TestAgent> Host()
    {
        if (_last is not null)
            (await Http.PostAsync($"/v1/agents/{_last}/drain", null)).EnsureSuccessStatusCode();
        var host = await Agent(slots: new Dictionary<string, int> { ["notebook"] = 4 });
        _last = host.Name;
        return host;
    }

    private string Key()
    {
        var path = Path.Combine(House.Directory, "secrets.key");
        if (!File.Exists(path))
            File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
