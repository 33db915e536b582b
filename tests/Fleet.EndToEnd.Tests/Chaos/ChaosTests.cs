using Fleet.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace Fleet.EndToEnd.Tests.Chaos;

/// <summary>
/// The short form of the chaos run, which has a fleet of its own; <c>tests/Fleet.Chaos --help</c> tells more.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper words)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly string[] Faults =
        ["kill-worker", "kill-rabbitmq", "restart-postgres", "freeze-worker", "net-shuffle"];

    [Fact]
    public async Task A_minute_of_faults_breaks_no_promise()
    {
        string[] arguments =
        [
            Program, "--seed", "3", "--minutes", "1", "--jobs", "400", "--settle", "240",
            "--faults", string.Join(',', Faults),
        ];
        words.WriteLine(await Shell.Run("dotnet", arguments, new Dictionary<string, string>(), Patience));
    }

    /// <summary>Built beside these tests, in the same configuration.</summary>
    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Fleet.Chaos", here.Name, "Fleet.Chaos.dll");
        }
    }
}
