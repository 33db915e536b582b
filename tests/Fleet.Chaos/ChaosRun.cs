using Fleet.Chaos.Faults;
using Fleet.Chaos.Load;
using Fleet.Chaos.Oracle;
using Fleet.Chaos.Output;
using Fleet.Chaos.Target;

namespace Fleet.Chaos;

/// <summary>One run of the program: a fleet, its clients, what breaks, and what is left in the end.</summary>
internal sealed class ChaosRun(ChaosOptions options)
{
    /// <summary>Clients are done with submitting before the faults are.</summary>
    private const double SubmittingShare = 0.9;

    private static readonly TimeSpan CalmBefore = TimeSpan.FromSeconds(3);

    private readonly RunLog _log = new();
    private readonly Ledger _ledger = new();

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken stop)
    {
        _log.Say($"seed {options.Seed}: {options.Jobs} jobs, faults for {options.Minutes:0.##} minutes; the schedule:");
        var names = new ProcessNames(options);
        var schedule = FaultSchedule.Make(options, names);
        foreach (var planned in schedule)
            _log.Say($"{planned}");
        await using var fleet = await ChaosFleet.Start(options, names, _log, stop);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watchers = new Watchers(fleet.Api, options.Seed);
        using var clients = new Clients(fleet.Api, _ledger, watchers, fleet.Place.Effects, _log);
        var submitting = clients.SubmitAll(
            JobMix.Make(options.Seed, options.Jobs),
            options.Length * SubmittingShare,
            new Random(options.Seed),
            watching.Token);
        await Task.Delay(CalmBefore, stop);
        var probe = new Probe(fleet.Api, _ledger, _log);
        var runner = new FaultRunner(new FaultKit(fleet, clients), probe, _log);
        var faults = await runner.Run(schedule, options.Length, stop);
        _log.Say("nothing is broken any more");

        await using var records = new Records(fleet.Database, _ledger.Run);
        await Settle(submitting, records, stop);
        await watchers.AllDone(TimeSpan.FromSeconds(60));
        await watching.CancelAsync();
        _log.Say("comparing");
        var checks = await Compare(fleet, watchers, records, probe, stop);
        var report = new Report(options, faults, checks, fleet.Keeper.EndedByThemselves);
        report.Write(Console.Out, fleet.Links);
        if (options.JsonFile is { } file)
            await report.Save(file);
        fleet.Keep = options.Keep;
        return report.AllHold ? 0 : 1;
    }

    private async Task Settle(Task submitting, Records records, CancellationToken stop)
    {
        var since = _log.Elapsed;
        await Task.WhenAny(submitting, Task.Delay(options.Settle, stop));
        if (!submitting.IsCompletedSuccessfully)
            _ledger.NoteWrong($"not everything was accepted in time {submitting.Exception?.Message}");
        var open = await records.Settle(options.Settle, stop);
        _log.Say(open ?? $"everything ended {(_log.Elapsed - since).TotalSeconds:0} s after the last fault");
    }

    private async Task<IReadOnlyList<Check>> Compare(
        ChaosFleet fleet, Watchers watchers, Records records, Probe probe, CancellationToken stop)
    {
        using var broker = new BrokerPage(fleet.BrokerPage, fleet.Place.Home.BrokerLogin);
        var evidence = new Evidence(
            _ledger,
            watchers.All,
            SideEffects.Read(fleet.Place.Effects),
            await records.Jobs(stop),
            await Listed(fleet.Api, stop));
        return
        [
            .. new EndChecks(evidence).All(),
            .. new JournalChecks(evidence).All(),
            .. new EffectChecks(evidence).All(),
            .. await new ContentChecks(evidence, records).All(stop),
            .. await new FleetChecks(fleet, _ledger, records, broker, probe).All(stop),
        ];
    }

    private async Task<IReadOnlyList<(string Id, string State)>> Listed(Api api, CancellationToken stop)
    {
        var jobs = new List<(string, string)>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = FleetJson.Read<PageView<JobView>>(await api.Get(
                $"/v1/jobs?label=run={_ledger.Run}&limit=200{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}", stop));
            jobs.AddRange(page.Items.Select(job => (job.JobId, job.State)));
            cursor = page.Next;
        }

        return jobs;
    }
}
