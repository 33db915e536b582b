using Fleet.Contracts.Agents;

namespace Fleet.Worker.Agents.Events;

/// <summary>Reads who is logged on to this host at present, from where the settings say, or else from where Linux says it.</summary>
internal sealed class LogonReader(WorkerSettings settings)
{
    /// <summary>Of these the first that is there.</summary>
    private static readonly string[] _usual = ["/run/utmp", "/run/systemd/sessions"];

    /// <summary>Null where this host does not say.</summary>
    /// <exception cref="IOException">What is there cannot be read.</exception>
    public async Task<IReadOnlyList<HostEvent>?> Read(CancellationToken stop)
    {
        var path = settings.Logons.Source is { Length: > 0 } given ? given : Array.Find(_usual, Path.Exists);
        return path is null || !Path.Exists(path) ? null
            : Directory.Exists(path) ? await LogindSessions.Read(path, stop)
            : await UtmpFile.Read(path, stop);
    }
}
