using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Finding jobs.</summary>
[Collection(OneControl.Name)]
public sealed class ListTests(OneControl fleet)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Pages_show_every_job_once_newest_first_while_more_arrive()
    {
        var jobs = new List<string>();
        for (var i = 0; i < 25; i++)
            jobs.Add((await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run))).JobId);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : $"&cursor={cursor}";
            var page = await fleet.Client.List($"?label=run={_run}&limit=7{next}");
            seen.AddRange(page.Items.Select(job => job.JobId));
            cursor = page.Next;
            await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run));
        }
        while (cursor is not null);
        seen.ShouldBe(Enumerable.Reverse(jobs));
    }

    [Fact]
    public async Task Filters_choose_what_they_name()
    {
        var labelled = new Dictionary<string, string> { ["run"] = _run, ["colour"] = "green" };
        var success = JobDraft.Noop.On(FleetScripts.Narrow) with { Name = "good", Labels = labelled };
        var failure = JobDraft.Script("exit 1").On(FleetScripts.Wide).Labelled("run", _run) with { Name = "bad" };
        var good = await fleet.Client.Run(success);
        var bad = await fleet.Client.Run(failure);
        var waiting = await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run).Nowhere());

        await MustList("", waiting, bad, good);
        await MustList("&state=succeeded", good);
        await MustList("&state=failed,queued", waiting, bad);
        await MustList("&state=failed&state=queued", waiting, bad);
        await MustList("&state=running");
        await MustList("&kind=command", bad);
        await MustList($"&agent={FleetScripts.Narrow}", good);
        await MustList("&name=bad", bad);
        await MustList("&label=colour=green", good);
        await MustList("&label=colour=red");
        await MustList($"&since={bad.CreatedAt:O}".Replace("+", "%2B", StringComparison.Ordinal), waiting, bad);
        await MustList($"&until={bad.CreatedAt:O}".Replace("+", "%2B", StringComparison.Ordinal), good);
    }

    private async Task MustList(string filter, params JobView[] expected) =>
        (await fleet.Client.Walk($"label=run={_run}{filter}")).Select(job => job.JobId)
            .ShouldBe(expected.Select(job => job.JobId), filter);
}
