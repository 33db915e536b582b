using System.Diagnostics;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>The command as a shell knows it, in a pseudo-terminal.</summary>
public sealed class ShellTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Begin = "\u0001"; // Ctrl-A: to the beginning of the line

    [Theory]
    [InlineData("fleet job exp", "fleet job explain")]
    [InlineData("fleet agent drain wor", "fleet agent drain worker-1")]
    [InlineData("fleet experiment outcome x ref", "fleet experiment outcome x refutes")]
    public async Task A_tab_in_bash_completes_commands_words_and_names_that_the_fleet_knows(string typed, string completed)
    {
        fleet.Clear();
        fleet.On("GET /v1/agents", Samples.Page(Samples.Agent()));
        var said = await Type($"source <(fleet completion bash)\n{typed}\t{Begin}echo said: \nexit\n");
        said.Split('\n').ShouldContain(line => line.Trim() == $"said: {completed}", said);
    }

    /// <summary>What bash shows when somebody types this.</summary>
    private async Task<string> Type(string keys)
    {
        var home = Directory.CreateTempSubdirectory("fleet-shell-").FullName;
        var command = Path.Combine(home, "fleet");
        await File.WriteAllTextAsync(command, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "fleet.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("PATH", $"{home}:{Environment.GetEnvironmentVariable("PATH")}"), ("HOME", home), ("TERM", "dumb"), ("FLEET_URL", fleet.Url.ToString()),
            ("FLEET_KEY", FakeFleet.Key), ("INPUTRC", "/dev/null"),
        ])
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var said = shell.StandardOutput.ReadToEndAsync();
        await shell.StandardInput.WriteAsync(keys);
        await shell.StandardInput.FlushAsync();
        await shell.WaitForExitAsync().Within();
        return (await said).ReplaceLineEndings("\n");
    }
}
