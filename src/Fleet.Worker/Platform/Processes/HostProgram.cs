using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>Programs of this host that somebody else has installed.</summary>
internal static class HostProgram
{
    /// <summary>Where programs are looked for when the environment does not say.</summary>
    public const string UsualPath = "/usr/local/bin:/usr/bin:/bin";

    private const int Executable = 1; // X_OK

    /// <summary>Null when there is none.</summary>
    /// <param name="name">A path, or a name that is looked up in PATH.</param>
    public static string? Find(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } given ? given : UsualPath;
        var places = name.Contains('/')
            ? [Path.GetFullPath(name)]
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, name));
        return places.FirstOrDefault(file => File.Exists(file) && Libc.Access(file, Executable) == 0);
    }
}
