using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Which job runs where, and which one is next.</summary>
[Collection(OneControl.Name)]
public sealed class DispatchTests(OneControl fleet)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_gathers_while_the_only_slot_is_busy_runs_by_priority_and_then_by_age()
    {
        var gate = new Gate(fleet.Home);
        var order = fleet.Home.NewFile();
        var busy = await fleet.Client.Submit(JobDraft.Script(gate.Wait).On(FleetScripts.Narrow));
        await fleet.Client.Becomes(busy.JobId, "running");

        int[] priorities = [3, 9, 0, 5, 9, 1, 5];
        var waiting = new List<string>();
        foreach (var (number, priority) in priorities.Index())
        {
            var draft = JobDraft.Script($"echo {priority}.{number} >> {order}").On(FleetScripts.Narrow);
            waiting.Add((await fleet.Client.Submit(draft with { Priority = priority })).JobId);
        }

        (await Task.WhenAll(waiting.Select(id => fleet.Client.Show(id)))).ShouldAllBe(job => job.State == "queued");
        gate.Open();
        foreach (var id in waiting)
            (await fleet.Client.End(id)).State.ShouldBe("succeeded");
        File.ReadAllLines(order).ShouldBe(["9.1", "9.4", "5.3", "5.6", "3.0", "1.5", "0.2"]);
    }

    [Fact]
    public async Task An_agent_runs_no_more_at_once_than_it_has_slots()
    {
        var file = fleet.Home.NewFile();
        var drafts = Enumerable.Repeat(
            JobDraft.Script($"echo + >> {file}; sleep 0.1; echo - >> {file}").On(FleetScripts.Narrow), 6);
        foreach (var job in await fleet.Client.Submit(drafts))
            (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
        File.ReadAllLines(file).ShouldBe(Enumerable.Repeat<string[]>(["+", "-"], 6).SelectMany(pair => pair));
    }

    [Theory]
    [InlineData(FleetScripts.Wide)]
    [InlineData(FleetScripts.Narrow)]
    public async Task A_job_for_one_agent_runs_there(string agent) =>
        (await fleet.Client.Run(JobDraft.Noop.On(agent))).Agent.ShouldBe(agent);

    [Fact]
    public async Task A_job_for_labels_runs_where_all_of_them_are()
    {
        var target = new TargetDraft(Labels: new() { ["size"] = "narrow", ["site"] = "here" });
        var jobs = await fleet.Client.Submit(Enumerable.Repeat(JobDraft.Noop with { Target = target }, 20));
        foreach (var job in jobs)
            (await fleet.Client.End(job.JobId)).Agent.ShouldBe(FleetScripts.Narrow);
        var nowhere = target with { Labels = new() { ["size"] = "narrow", ["site"] = "there" } };
        var waits = await fleet.Client.Submit(JobDraft.Noop with { Target = nowhere });
        (await fleet.Client.Run(JobDraft.Noop)).State.ShouldBe("succeeded"); // it does not hold up others
        (await fleet.Client.Show(waits.JobId)).State.ShouldBe("queued");
    }

    [Fact]
    public async Task A_thousand_jobs_in_one_list_all_run()
    {
        var jobs = await fleet.Client.Submit(Enumerable.Repeat(JobDraft.Noop.Labelled("run", _run), 1000));
        jobs.Select(job => job.JobId).Distinct().Count().ShouldBe(1000);
        await fleet.Client.AllEnd(_run, 1000);
        (await fleet.Client.Walk($"label=run={_run}")).ShouldAllBe(job => job.State == "succeeded" && job.Attempt == 1);
    }

    [Fact]
    public async Task Two_clients_at_once_get_what_is_theirs()
    {
        using var one = fleet.ClientWith((await fleet.Client.NewKey("one", tenant: "one", role: "operator")).Key);
        using var two = fleet.ClientWith((await fleet.Client.NewKey("two", tenant: "two", role: "operator")).Key);
        var (ones, twos) = (Task.WhenAll(Many(one)), Task.WhenAll(Many(two)));
        await Task.WhenAll(ones, twos);
        await Task.WhenAll(one.AllEnd(_run, 100), two.AllEnd(_run, 100));
        await MustSee(one, await ones);
        await MustSee(two, await twos);
        (await fleet.Client.Walk($"label=run={_run}")).Count.ShouldBe(200);
    }

    private async Task MustSee(FleetClient client, JobView[] submitted) =>
        (await client.Walk($"label=run={_run}")).Select(job => job.JobId)
            .ShouldBe(submitted.Select(job => job.JobId), ignoreOrder: true);

    private IEnumerable<Task<JobView>> Many(FleetClient client) =>
        Enumerable.Range(0, 100).Select(_ => client.Submit(JobDraft.Noop.Labelled("run", _run)));
}
