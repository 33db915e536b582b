using Fleet.Bench.Target;
using MassTransit;

namespace Fleet.Bench.References;

/// <summary>
/// The same lifecycle in natural batches: submissions that meet are one insert and one command, all the agent has to
/// say is one report, and a report is one update from arrays.
/// </summary>
internal sealed class CoalescedReference : IReference
{
    private const string Agent = "bench-coalesced-agent";
    private const string Reports = "bench-coalesced-reports";
    private const int MostPerMessage = 1_000;

    private readonly ReferenceDatabase _database;
    private readonly NaturalBatch<Guid> _inserts;
    private readonly NaturalBatch<RunJob> _commands;
    private readonly NaturalBatch<JobNews> _reports;
    private ReferenceBus _bus = null!;

    private CoalescedReference(ReferenceDatabase database)
    {
        _database = database;
        _inserts = new(Insert);
        _commands = new(SendCommands);
        _reports = new(SendReports);
    }

    public string Name => "Reference, coalesced";

    public CompletionBoard Board { get; } = new();

    public static async Task<CoalescedReference> Start(
        ReferenceDatabase database, RabbitAddress rabbit, CancellationToken stop)
    {
        var reference = new CoalescedReference(database);
        reference._bus = await ReferenceBus.Start(
            rabbit,
            new Dictionary<string, Action<IReceiveEndpointConfigurator>>
            {
                [Agent] = queue => queue.Handler<RunJobs>(command => reference.Work(command.Message)),
                [Reports] = queue => queue.Handler<AgentReport>(report => reference.Record(report.Message)),
            },
            stop);
        return reference;
    }

    public Task Submit(IReadOnlyList<Guid> jobIds, CancellationToken stop) => _inserts.Add(jobIds);

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private async Task Insert(IReadOnlyList<Guid> jobIds)
    {
        await _database.Run(
            """
            with job as (
                insert into fleet_bench.jobs (id, kind, name, state)
                select id, 'noop', 'bench', 'Queued' from unnest($1) id returning id)
            insert into fleet_bench.journal (job_id, seq, type, data) select id, 1, 'queued', '{"attempt":1}' from job
            """,
            jobIds.ToArray());
        var deadline = DateTimeOffset.UtcNow.AddMinutes(5);
        Expect(_commands.Add(jobIds.Select(jobId => new RunJob(jobId, 1, "noop", "bench", deadline))));
    }

    private async Task SendCommands(IReadOnlyList<RunJob> jobs)
    {
        foreach (var some in jobs.Chunk(MostPerMessage))
            await _bus.Send(Agent, new RunJobs(some));
    }

    private Task Work(RunJobs command) =>
        _reports.Add(command.Jobs.Select(job => new JobNews(job.JobId, job.Attempt, Started: true, Finished: true, 0)));

    private async Task SendReports(IReadOnlyList<JobNews> news)
    {
        foreach (var some in news.Chunk(MostPerMessage))
            await _bus.Send(Reports, new AgentReport(Agent, some));
    }

    private async Task Record(AgentReport report)
    {
        await _database.Run(
            """
            with news as (
                select * from unnest($1::uuid[], $2::int[], $3::bool[], $4::bool[], $5::int[])
                    as n(id, attempt, started, finished, exit_code)),
            job as (
                update fleet_bench.jobs j
                set state = case when n.finished then 'Succeeded' else 'Running' end, attempt = n.attempt, agent = $6,
                    started_at = case when n.started then now() else started_at end,
                    finished_at = case when n.finished then now() end,
                    exit_code = case when n.finished then n.exit_code end
                from news n where j.id = n.id)
            insert into fleet_bench.journal (job_id, seq, type, data)
            select id, 2, 'started', '{"attempt":1}' from news where started
            union all
            select id, 3, 'finished', '{"attempt":1}' from news where finished
            on conflict do nothing
            """,
            report.Jobs.Select(job => job.JobId).ToArray(),
            report.Jobs.Select(job => job.Attempt).ToArray(),
            report.Jobs.Select(job => job.Started).ToArray(),
            report.Jobs.Select(job => job.Finished).ToArray(),
            report.Jobs.Select(job => job.ExitCode).ToArray(),
            report.Agent);
        foreach (var job in report.Jobs.Where(job => job.Finished))
            Board.Done(job.JobId);
    }

    /// <summary>A command that cannot be sent would leave the run waiting for its limit without a reason.</summary>
    private static void Expect(Task sent) => sent.ContinueWith(
        failed => Output.Progress.Say($"  a command was not sent: {failed.Exception!.InnerException!.Message}"),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
