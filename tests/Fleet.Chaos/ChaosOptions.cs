using System.Globalization;
using Fleet.Chaos.Faults;

namespace Fleet.Chaos;

/// <summary>What the command line asked for.</summary>
internal sealed record ChaosOptions
{
    public static string Help { get; } = $"""
        Breaks a fleet of its own in every way this machine allows, while clients submit jobs, and compares at the end
        what the clients were told and what the jobs did with what the fleet says.

        dotnet run -c Release --project tests/Fleet.Chaos -- [options]

          --seed N        the schedule of faults and the mix of jobs follow from it (random, and printed)
          --minutes M     how long there are faults; may be a fraction (10)
          --jobs N        how many jobs are submitted meanwhile (5000)
          --faults a,b    only these of
                          {Names()}
          --controls N    2
          --edges N       2
          --workers N     3
          --settle S      how long, in seconds, everything accepted may take to end once nothing is broken (300)
          --json FILE     the report as JSON
          --keep          leave the fleet's home, stopped, to look into it
          --help

        It runs what was built before (Release). As root it also uses a network namespace and a small file system.
        Exit code: 0 every promise held, 1 not so, 64 wrong arguments.
        """;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);
    public double Minutes { get; init; } = 10;
    public int Jobs { get; init; } = 5000;
    public IReadOnlyList<string> Faults { get; init; } = FaultKinds.Names;
    public int Controls { get; init; } = 2;
    public int Edges { get; init; } = 2;
    public int Workers { get; init; } = 3;
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(300);
    public string? JsonFile { get; init; }
    public bool Keep { get; init; }

    public TimeSpan Length => TimeSpan.FromMinutes(Minutes);

    /// <exception cref="ArgumentException">The sentence says what is wrong.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--seed" => options with { Seed = CountOf(args, ref i) },
                "--minutes" => options with { Minutes = MinutesOf(args, ref i) },
                "--jobs" => options with { Jobs = CountOf(args, ref i) },
                "--faults" => options with { Faults = FaultsOf(args, ref i) },
                "--controls" => options with { Controls = CountOf(args, ref i) },
                "--edges" => options with { Edges = CountOf(args, ref i) },
                "--workers" => options with { Workers = CountOf(args, ref i) },
                "--settle" => options with { Settle = TimeSpan.FromSeconds(CountOf(args, ref i)) },
                "--json" => options with { JsonFile = ValueOf(args, ref i) },
                "--keep" => options with { Keep = true },
                var unknown => throw new ArgumentException($"There is no option {unknown}."),
            };
        }

        return options;
    }

    private static string Names() =>
        string.Join(",\n                  ", FaultKinds.Names.Chunk(5).Select(some => string.Join(", ", some)));

    private static string ValueOf(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");

    private static int CountOf(IReadOnlyList<string> args, ref int i)
    {
        var name = args[i];
        return int.TryParse(ValueOf(args, ref i), CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new ArgumentException($"{name} needs a whole number above 0.");
    }

    private static double MinutesOf(IReadOnlyList<string> args, ref int i) =>
        double.TryParse(ValueOf(args, ref i), CultureInfo.InvariantCulture, out var some) && some is > 0 and < 1500
            ? some
            : throw new ArgumentException("--minutes needs a number above 0.");

    private static string[] FaultsOf(IReadOnlyList<string> args, ref int i)
    {
        var names = ValueOf(args, ref i).Split(',');
        return names.FirstOrDefault(name => !FaultKinds.Names.Contains(name)) is { } unknown
            ? throw new ArgumentException(
                $"There is no fault {unknown}; there are {string.Join(", ", FaultKinds.Names)}.")
            : names;
    }
}
