using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups;

/// <summary>The restic of this host.</summary>
internal sealed class ResticProgram(WorkerSettings settings)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private (string Path, DateTime Written, ResticVersion Version)? _known;

    /// <summary>Null when there is none.</summary>
    public string? Path => HostProgram.Find(settings.Backups.Restic);

    /// <summary>Where it keeps what it need not fetch again; one for all repositories, as it has them apart itself.</summary>
    public string Cache { get; } = settings.Backups.CacheDirectory.Length > 0
        ? System.IO.Path.GetFullPath(settings.Backups.CacheDirectory)
        : System.IO.Path.Combine(settings.Home, "restic-cache");

    /// <summary>Asked once for each file.</summary>
    /// <exception cref="ChildStartException">It cannot be started, or is no restic.</exception>
    public async Task<ResticVersion> Version(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        if (_known is { } known && known.Path == path && known.Written == written)
            return known.Version;
        using var child = ChildProcess.Start(new ChildCommand(path, [path, "version"], ["PATH=" + HostProgram.UsualPath], "/"));
        using var reader = new StreamReader(child.Output);
        var text = await reader.ReadToEndAsync().WaitAsync(_patience);
        await child.Ended.WaitAsync(_patience);
        child.Reap();
        var version = ResticVersion.Parse(text)
            ?? throw new ChildStartException($"'{path}' is no restic: asked for its version, it says '{text.Trim()}'.");
        _known = (path, written, version);
        return version;
    }
}
