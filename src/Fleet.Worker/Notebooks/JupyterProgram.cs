using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Notebooks;

/// <summary>The Jupyter server of this host.</summary>
internal static class JupyterProgram
{
    private const string UsualPython = "/usr/bin/python3";

    private const string ListPackages =
        """
        import json
        from importlib.metadata import distributions
        print(json.dumps(sorted(
            ({"name": one.metadata["Name"], "version": one.version} for one in distributions() if one.metadata["Name"]),
            key=lambda one: one["name"].lower())))
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>What its Python finds, without what users added for themselves: a list in JSON.</summary>
    /// <exception cref="ChildStartException">It cannot be asked.</exception>
    /// <exception cref="TimeoutException">It does not say.</exception>
    public static async Task<byte[]> Packages(string jupyter)
    {
        var python = PythonOf(jupyter);
        using var child = ChildProcess.Start(
            new ChildCommand(python, [python, "-I", "-c", ListPackages], ["PATH=" + HostProgram.UsualPath], "/"));
        using var text = new MemoryStream();
        await Task.WhenAll(child.Output.CopyToAsync(text), child.Error.CopyToAsync(Stream.Null)).WaitAsync(_patience);
        await child.Ended.WaitAsync(_patience);
        return child.Reap().ExitCode == 0
            ? text.ToArray()
            : throw new ChildStartException($"'{python}' could not list its packages.");
    }

    /// <summary>The one that its first line names.</summary>
    public static string PythonOf(string jupyter)
    {
        using var reader = new StreamReader(jupyter);
        var first = reader.ReadLine() ?? "";
        var named = first.StartsWith("#!", StringComparison.Ordinal) ? first[2..].Trim().Split(' ')[0] : "";
        return named.Contains("python", StringComparison.Ordinal) && File.Exists(named) ? named : UsualPython;
    }
}
