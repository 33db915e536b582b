namespace Fleet.Chaos.Target;

/// <summary>
/// A <c>dotnet</c> before the real one in the PATH of the fleet's scripts: it gives single processes settings of their
/// own, or a network of their own, and is then replaced by the real one, so that pids stay what the scripts wrote down.
/// </summary>
internal sealed class DotnetShim
{
    private readonly ChaosPlace _place;

    public DotnetShim(ChaosPlace place)
    {
        _place = place;
        var shim = Path.Combine(place.Shims, "dotnet");
        File.WriteAllText(shim, $"""
            #!/bin/bash
            # The scripts start every process with its output on logs/NAME.log.
            name=$(basename -- "$(readlink /proc/$$/fd/1)" .log)
            prefix=()
            [[ ! -f {place.Overrides}/$name ]] || source {place.Overrides}/$name
            exec "${"{"}prefix[@]{"}"}" {RealDotnet()} "$@"

            """);
        File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <param name="prefix">What the process is started by, such as <c>ip netns exec NAME</c>.</param>
    public void Override(string process, IReadOnlyDictionary<string, string> settings, string prefix = "") =>
        File.WriteAllLines(
            Path.Combine(_place.Overrides, process),
            [.. settings.Select(setting => $"export {setting.Key}={setting.Value}"), $"prefix=({prefix})"]);

    private static string RealDotnet() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => Path.Combine(directory, "dotnet"))
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("There is no dotnet in PATH.");
}
