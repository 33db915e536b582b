namespace Fleet.Bench;

/// <summary>What <c>--help</c> says.</summary>
internal static class BenchHelp
{
    public const string Text = """
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
          flood        jobs of others while one agent says all it can, or one job prints without end: their latency, leases that
                       ended, CPU and memory; beside them the same jobs alone, in turns
          console      open pages of the web console in Chromium: memory of each, CPU, how far a flooding job's log is behind
          executions   one execution of a manifest on many agents that are off: the time until its last job is queued, jobs/s, CPU;
                       beside it as many single submissions
          packets      the binary socket: answers a second on one connection and on 50, beside them a bare echo of Kestrel; then a
                       long series of a metric, written and read
          pressure     half of what the fleet can do, before, while and after somebody holds a transaction open, so that nothing
                       that was deleted can be cleaned up; sizes of the tables through which jobs move
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
          --seconds N        how long each phase of theirs, and of a flood, takes (60)
          --callers N        calls at once while the time to the first token is measured (20)
          --streams N        answers at once (200), of 50 words a second for 10 s
          --turns N          answers that are watched at once (50)
          --watchers N       who watch them (1000)
          --schedules N      schedules of one minute (10000)
          --sockets N        agents on sockets (1000)
          --pages N          open pages of the console (50)
          --fan-out N        agents of an execution (1000)
          --points N         points of a series (1000000)
          --held N           seconds that the transaction stays open (300)
          --no-references    jobs without the references
          --json FILE        every single figure
          --help

        Figures go to standard output, progress to standard error. The jobs it submits stay in Fleet's history; schedules, and
        what the references write (schemas fleet_bench…, queues bench-…), are deleted. During `jobs` and `rescue` the agents
        are ended and started again, during `agents` the broker. Simulated agents stay in the list of agents, as revoked.
        Exit code: 0 all phases ran and no line or due time was lost or doubled, 1 not so, 2 no Fleet runs, 64 wrong arguments.
        """;
}
