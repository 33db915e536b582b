namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Compares what was promised and what happened with what the API shows at the end.</summary>
internal static class LedgerAudit
{
    public static async Task MustBeKept(this Ledger ledger, FleetClient client)
    {
        await client.AllEnd(ledger.Run, ledger.Accepted.Count);
        var jobs = await client.Walk($"label=run={ledger.Run}");
        jobs.Select(job => job.JobId).ShouldBe(ledger.Accepted.Keys, ignoreOrder: true);
        jobs.Where(job => job.State != "succeeded")
            .Select(job => $"{job.JobId} {job.State} {job.Attempt} {job.Error}").ShouldBeEmpty();

        var effects = ledger.Effects;
        effects.GroupBy(line => line).Where(same => same.Count() > 1).Select(same => same.Key)
            .ShouldBeEmpty("an attempt ran to its end twice");
        var happened = effects.ToHashSet();
        jobs.Where(job => job.Kind == "command" && !happened.Contains($"{job.JobId} {job.Attempt}"))
            .Select(job => job.JobId).ShouldBeEmpty("a job succeeded that did not run");

        foreach (var some in jobs.Chunk(8))
            await Task.WhenAll(some.Select(async job => (await client.Journal(job.JobId)).MustTellOf(job)));
    }
}
