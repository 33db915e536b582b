using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>The terms on which jobs wait, as clients set and see them.</summary>
[Collection(OneControl.Name)]
public sealed class QueueTests(OneControl fleet)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_job_for_a_host_that_is_away_is_skipped_if_it_says_so()
    {
        var skipped = await fleet.Client.Submit(JobDraft.Noop.Nowhere() with { Offline = "skip" });
        (skipped.State, skipped.Error!.Code).ShouldBe(("expired", "agent_offline"));
        (await fleet.Client.Run(JobDraft.Noop with { Offline = "skip" })).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task Of_three_versions_only_the_newest_waits()
    {
        var draft = JobDraft.Noop.Nowhere() with { Offline = "newest", QueueKey = _run };
        var first = await fleet.Client.Submit(draft);
        var list = await fleet.Client.Submit([draft, draft]);
        list.Select(job => job.State).ShouldBe(["expired", "queued"]);
        (await fleet.Client.Show(first.JobId)).Error!.Code.ShouldBe("superseded");
        (await fleet.Client.Journal(first.JobId))[^1].Type.ShouldBe("end");
        await fleet.Client.Cancel(list[1].JobId);
    }

    [Fact]
    public async Task A_job_does_not_start_before_its_time()
    {
        var at = DateTimeOffset.UtcNow.AddSeconds(3);
        var job = await fleet.Client.Run(JobDraft.Noop with { NotBefore = at });
        job.State.ShouldBe("succeeded");
        job.StartedAt!.Value.ShouldBeGreaterThanOrEqualTo(at.AddMilliseconds(-50));
    }

    [Fact]
    public async Task Jobs_of_a_sequence_run_one_after_the_other_and_of_a_key_no_more_than_its_limit()
    {
        var file = fleet.Home.NewSharedFile();
        var sequence = Enumerable.Range(0, 6).Select(i =>
            JobDraft.Script($"echo {i} >> {file}; sleep 0.1; echo {i} >> {file}") with { SequenceKey = _run, Priority = i });
        foreach (var job in await fleet.Client.Submit(sequence))
            (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
        File.ReadAllLines(file).ShouldBe(Enumerable.Range(0, 6).SelectMany(i => (string[])[$"{i}", $"{i}"]));
    }

    [Fact]
    public async Task What_holds_a_job_back_is_told_before_and_after_its_submission()
    {
        var draft = JobDraft.Noop.Nowhere().Labelled("run", _run);
        var foreseen = await fleet.Client.Ask<ExplanationView>(
            HttpStatusCode.OK, HttpMethod.Post, "/v1/jobs?dry_run=true", FleetJson.Write(draft));
        (foreseen.JobId, foreseen.Reasons[0].Code).ShouldBe((null, "no_agent_with_labels"));
        (await fleet.Client.List($"?label=run={_run}")).Items.ShouldBeEmpty();

        var job = await fleet.Client.Submit(draft);
        var explained = await fleet.Client.Get<ExplanationView>($"/v1/jobs/{job.JobId}/explain");
        (explained.JobId, explained.State, explained.Reasons[0].Code).ShouldBe((job.JobId, "queued", "no_agent_with_labels"));
        await fleet.Client.Cancel(job.JobId);
        (await fleet.Client.Get<ExplanationView>($"/v1/jobs/{job.JobId}/explain")).Reasons.Single().Code.ShouldBe("cancelled");
    }

    [Fact]
    public async Task What_waits_for_an_agent_is_listed_page_by_page()
    {
        var drafts = Enumerable.Repeat(
            JobDraft.Noop.On(FleetScripts.Narrow) with { NotBefore = DateTimeOffset.UtcNow.AddHours(1) }, 3);
        var waiting = (await fleet.Client.Submit(drafts)).Select(job => job.JobId).ToList();
        var path = $"/v1/agents/{FleetScripts.Narrow}/pending";
        var first = await fleet.Client.Get<PageView<JobView>>($"{path}?limit=2");
        var second = await fleet.Client.Get<PageView<JobView>>($"{path}?limit=2&cursor={first.Next}");
        first.Items.Concat(second.Items).Select(job => job.JobId).ShouldBe(Enumerable.Reverse(waiting));
        using var unknown = await fleet.Client.Send(HttpMethod.Get, "/v1/agents/nobody/pending");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var job in waiting)
            await fleet.Client.Cancel(job);
    }
}
