using Fleet.Bench.Target;
using MassTransit;

namespace Fleet.Bench.References;

/// <summary>
/// The lifecycle as one writes it first: a commit and a message per step. Submit inserts the job and sends its command;
/// the agent sends started and finished; a consumer records each with an update and a journal entry.
/// </summary>
internal sealed class StepwiseReference : IReference
{
    private const string Agent = "bench-stepwise-agent";
    private const string Reports = "bench-stepwise-reports";

    private readonly ReferenceDatabase _database;
    private ReferenceBus _bus = null!;

    private StepwiseReference(ReferenceDatabase database) => _database = database;

    public string Name => "Reference, a commit per step";

    public CompletionBoard Board { get; } = new();

    public static async Task<StepwiseReference> Start(
        ReferenceDatabase database, RabbitAddress rabbit, CancellationToken stop)
    {
        var reference = new StepwiseReference(database);
        reference._bus = await ReferenceBus.Start(
            rabbit,
            new Dictionary<string, Action<IReceiveEndpointConfigurator>>
            {
                [Agent] = queue => queue.Handler<RunJob>(command => reference.Work(command.Message)),
                [Reports] = queue =>
                {
                    queue.Handler<JobStarted>(report => reference.Record(report.Message));
                    queue.Handler<JobFinished>(report => reference.Record(report.Message));
                },
            },
            stop);
        return reference;
    }

    public async Task Submit(IReadOnlyList<Guid> jobIds, CancellationToken stop)
    {
        foreach (var jobId in jobIds)
        {
            await _database.Run(
                """
                with job as (
                    insert into fleet_bench.jobs (id, kind, name, state) values ($1, 'noop', 'bench', 'Queued')
                    returning id)
                insert into fleet_bench.journal (job_id, seq, type, data)
                select id, 1, 'queued', '{"attempt":1}' from job
                """,
                jobId);
            await _bus.Send(Agent, new RunJob(jobId, 1, "noop", "bench", DateTimeOffset.UtcNow.AddMinutes(5)));
        }
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private async Task Work(RunJob command)
    {
        await _bus.Send(Reports, new JobStarted(command.JobId, command.Attempt, Agent));
        await _bus.Send(Reports, new JobFinished(command.JobId, command.Attempt, Agent, 0));
    }

    // a report may overtake another: the last state stays
    private Task Record(JobStarted report) => _database.Run(
        """
        with job as (
            update fleet_bench.jobs
            set state = case state when 'Queued' then 'Running' else state end,
                attempt = $2, agent = $3, started_at = now()
            where id = $1)
        insert into fleet_bench.journal (job_id, seq, type, data) values ($1, 2, 'started', '{"attempt":1}')
        on conflict do nothing
        """,
        report.JobId, report.Attempt, report.Agent);

    private async Task Record(JobFinished report)
    {
        await _database.Run(
            """
            with job as (
                update fleet_bench.jobs set state = 'Succeeded', exit_code = $2, finished_at = now() where id = $1)
            insert into fleet_bench.journal (job_id, seq, type, data) values ($1, 3, 'finished', '{"attempt":1}')
            on conflict do nothing
            """,
            report.JobId, report.ExitCode);
        Board.Done(report.JobId);
    }
}
