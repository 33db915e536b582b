using System.Diagnostics;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Runs a program to its end and returns what it printed.</summary>
internal static class Shell
{
    /// <exception cref="InvalidOperationException">It failed, with what it printed, or took too long.</exception>
    public static async Task<string> Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, TimeSpan patience)
    {
        using var process = Process.Start(Prepare(program, arguments, settings))!;
        using var enough = new CancellationTokenSource(patience);
        var printed = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(enough.Token), process.StandardError.ReadToEndAsync(enough.Token));
        try
        {
            process.StandardInput.Close();
            var words = string.Concat(await printed);
            await process.WaitForExitAsync(enough.Token);
            return process.ExitCode == 0
                ? words
                : throw new InvalidOperationException($"{program} ended with code {process.ExitCode}:\n{words}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new InvalidOperationException($"{program} did not end within {patience.TotalSeconds} s.", late);
        }
    }

    /// <summary>Settings of somebody's fleet in the environment are not meant for this one.</summary>
    public static ProcessStartInfo Prepare(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("FLEET_", StringComparison.Ordinal))
                start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }
}
