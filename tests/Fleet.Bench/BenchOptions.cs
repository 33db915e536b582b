namespace Fleet.Bench;

/// <summary>What the command line asked for.</summary>
internal sealed record BenchOptions(string Command)
{
    public const string Help = """
        Measures a running Fleet that ./compose/up.sh started, found by FLEET_HOME (default: .fleet in the checkout).

        dotnet run -c Release --project tests/Fleet.Bench -- COMMAND [options]

          jobs         no-op jobs over HTTP: throughput, latency, drain, CPU and memory; beside them the references
          logs         one job that writes numbered lines as fast as it can, and 1, 10 and 50 who watch it
          references   only the references: the same work by hand on the same RabbitMQ and PostgreSQL
          rescue       agents that are killed or stopped with a job in hand: the time until it is queued again; each
                       round ends all agents once, so 6 of them make 30 tries in 5 rounds of a lease each
          retention    removal of many finished jobs with journal and artifacts, beside a light load: what becomes of
                       that load's latency, how long it takes, and whether as many new ones find room in the tables
          agents       many simulated agents: CPU and memory at rest and at work, and their return to a broker that is
                       killed and started again
          history      lists, job pages, latency and heartbeats with little history and with a million finished jobs, which
                       it writes into the tables and leaves there; then beside searches through all their output
          inference    calls of the echo model through Fleet, beside the same calls to the echo itself: time to the first
                       token, many streams whose every word is looked at, embeddings. The fleet is to be started with
                       Worker__Upstreams__echo__Generations=200 FLEET_ECHO_MODEL=1 ./compose/up.sh
          turns        chat turns of the echo model: time to the first token beside the echo itself, a conversation of 200
                       turns, and many who watch some answers beside a bare server of events; the fleet is to be started as
                       for inference
          schedules    many schedules of one minute each, which start no-op jobs: how late they are, whether any is missed or
                       doubled, CPU, lists meanwhile; beside them Quartz alone with as many triggers in the same PostgreSQL
          sockets      many agents on sockets: memory of each, CPU, how late those are answered that speak each second; beside
                       them a bare echo of Kestrel with as many connections
          console      open pages of the web console in Chromium: memory of each, CPU, how far a flooding job's log is behind
          executions   one execution of a manifest on many agents that are off: the time until its last job is queued, jobs/s, CPU;
                       beside it as many single submissions
          packets      the binary socket: answers a second on one connection and on 50, beside them a bare echo of Kestrel; then a
                       long series of a metric, written and read
          all          jobs, then logs

          --quick            a fifth of the work, once
          --runs N           how often a throughput is measured; the tables show medians (3)
          --jobs N           jobs per throughput run (10000)
          --lines N          lines per log run (200000)
          --tries N          agents ended per kind of end (30)
          --agents N         simulated agents (500)
          --history N        finished jobs (1000000)
          --beside HOME      another fleet, without history, that takes turns with this one during `history`
          --removed N        finished jobs that are made and removed (100000), beside as many that stay
          --seconds N        how long each phase of theirs takes (60)
          --callers N        calls at once while the time to the first token is measured (20)
          --streams N        answers at once (200), of 50 words a second for 10 s
          --turns N          answers that are watched at once (50)
          --watchers N       who watch them (1000)
          --schedules N      schedules of one minute (10000)
          --sockets N        agents on sockets (1000)
          --pages N          open pages of the console (50)
          --fan-out N        agents of an execution (1000)
          --points N         points of a series (1000000)
          --no-references    jobs without the references
          --json FILE        every single figure
          --help

        Figures go to standard output, progress to standard error. The jobs it submits stay in Fleet's history; schedules, and
        what the references write (schemas fleet_bench…, queues bench-…), are deleted. During `jobs` and `rescue` the agents
        are ended and started again, during `agents` the broker. Simulated agents stay in the list of agents, as revoked.
        Exit code: 0 all phases ran and no line or due time was lost or doubled, 1 not so, 2 no Fleet runs, 64 wrong arguments.
        """;

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
        if (args.Count == 0 || args[0] is not ("jobs" or "logs" or "references" or "rescue" or "retention" or "agents" or "history"
            or "inference" or "turns" or "schedules" or "sockets" or "console" or "executions" or "packets" or "all"))
        {
            throw new ArgumentException(
                "Say what to measure: jobs, logs, references, rescue, retention, agents, history, inference, turns, schedules, sockets, "
                + "console, executions, packets or all.");
        }

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
