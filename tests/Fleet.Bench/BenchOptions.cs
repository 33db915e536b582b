namespace Fleet.Bench;

/// <summary>What the command line asked for.</summary>
internal sealed record BenchOptions(string Command)
{
    private static readonly string[] Commands =
    [
        "jobs", "logs", "references", "rescue", "retention", "agents", "history", "inference", "turns", "schedules", "sockets",
        "flood", "console", "executions", "packets", "pressure", "all",
    ];

    public bool Quick { get; init; }
    public bool WithReferences { get; init; } = true;
    public string? JsonFile { get; init; }
    public int Runs { get; init; } = 3;
    public int Jobs { get; init; } = 10_000;
    public int WarmUpJobs { get; init; } = 2_000;
    public int InFlight { get; init; } = 128;
    public int ListSize { get; init; } = 100;
    public int PacedPerSecond { get; init; } = 50;
    public int PacedSeconds { get; init; } = 20;
    public int DrainJobs { get; init; } = 5_000;
    public int Lines { get; init; } = 200_000;
    public int Tries { get; init; } = 30;
    public int Agents { get; init; } = 500;
    public int Removed { get; init; } = 100_000;
    public int Seconds { get; init; } = 60;
    public int History { get; init; } = 1_000_000;
    public int Callers { get; init; } = 20;
    public int Calls { get; init; } = 1_000;
    public int Streams { get; init; } = 200;
    public int Words { get; init; } = 500;
    public int Turns { get; init; } = 50;
    public int Watchers { get; init; } = 1_000;
    public int TurnWords { get; init; } = 200;
    public int Schedules { get; init; } = 10_000;
    public int Sockets { get; init; } = 1_000;
    public int Pages { get; init; } = 50;
    public int FanOut { get; init; } = 1_000;
    public int Points { get; init; } = 1_000_000;
    public int Held { get; init; } = 300;
    public string? Beside { get; init; }

    /// <summary>How often each question to a list is asked.</summary>
    public int Asks { get; init; } = 200;

    /// <summary>After this long a phase is given up.</summary>
    public TimeSpan PhaseLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For all tries, were there only one agent.</summary>
    public TimeSpan RescueLimit => PhaseLimit * Tries;

    /// <summary>Of removal, which gives way to everything else.</summary>
    public TimeSpan RetentionLimit => PhaseLimit * 5;

    /// <summary>Of one phase of simulated agents: it may have to wait for hundreds of them.</summary>
    public TimeSpan AgentsLimit => 2 * PhaseLimit + TimeSpan.FromSeconds(Seconds);

    /// <summary>Of one phase of schedules, which has to make all of them first.</summary>
    public TimeSpan SchedulesLimit => 2 * PhaseLimit + TimeSpan.FromSeconds(Seconds);

    /// <exception cref="ArgumentException">The sentence says what is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Commands.Contains(args[0]))
            throw new ArgumentException($"Say what to measure: {string.Join(", ", Commands[..^1])} or {Commands[^1]}.");

        var options = new BenchOptions(args[0]);
        if (args.Contains("--quick"))
            options = options.AsQuick();
        for (var i = 1; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--quick" => options,
                "--no-references" => options with { WithReferences = false },
                "--json" => options with { JsonFile = ValueOf(args, ref i) },
                "--runs" => options with { Runs = CountOf(args, ref i) },
                "--jobs" => options with { Jobs = CountOf(args, ref i) },
                "--lines" => options with { Lines = CountOf(args, ref i) },
                "--tries" => options with { Tries = CountOf(args, ref i) },
                "--agents" => options with { Agents = CountOf(args, ref i) },
                "--beside" => options with { Beside = ValueOf(args, ref i) },
                "--callers" => options with { Callers = CountOf(args, ref i) },
                "--turns" => options with { Turns = CountOf(args, ref i) },
                "--watchers" => options with { Watchers = CountOf(args, ref i) },
                "--streams" => options with { Streams = CountOf(args, ref i) },
                "--history" => options with { History = CountOf(args, ref i) },
                "--schedules" => options with { Schedules = CountOf(args, ref i) },
                "--sockets" => options with { Sockets = CountOf(args, ref i) },
                "--pages" => options with { Pages = CountOf(args, ref i) },
                "--fan-out" => options with { FanOut = CountOf(args, ref i) },
                "--points" => options with { Points = CountOf(args, ref i) },
                "--removed" => options with { Removed = CountOf(args, ref i) },
                "--held" => options with { Held = CountOf(args, ref i) },
                "--seconds" => options with { Seconds = CountOf(args, ref i) },
                var unknown => throw new ArgumentException($"There is no option {unknown}."),
            };
        }

        return options;
    }

    private BenchOptions AsQuick() => this with
    {
        Quick = true,
        Runs = 1,
        Jobs = 2_000,
        WarmUpJobs = 500,
        PacedSeconds = 5,
        DrainJobs = 1_000,
        Lines = 40_000,
        Tries = 6,
        Agents = 100,
        Removed = 20_000,
        Seconds = Command == "schedules" ? 30 : 12,
        History = 100_000,
        Asks = 50,
        Calls = 200,
        Words = 250,
        Turns = 10,
        Watchers = 200,
        TurnWords = 100,
        Schedules = 1_000,
        Sockets = 200,
        Pages = 10,
        FanOut = 200,
        Points = 100_000,
        Held = 36,
    };

    private static string ValueOf(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");

    private static int CountOf(IReadOnlyList<string> args, ref int i)
    {
        var name = args[i];
        return int.TryParse(ValueOf(args, ref i), out var count) && count > 0
            ? count
            : throw new ArgumentException($"{name} needs a whole number above 0.");
    }
}
