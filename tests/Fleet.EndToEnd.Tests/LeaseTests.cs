using System.Diagnostics;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Agents that die, freeze, stop or starve: their work goes on, once at a time.</summary>
[Collection(QuickLeases.Name)]
public sealed class LeaseTests(QuickLeases fleet)
{
    [Fact]
    public async Task While_an_agent_is_frozen_its_work_ends_before_it_begins_elsewhere()
    {
        try
        {
            var effects = new SideEffects(fleet.Home);
            var job = await Started(effects, seconds: 20);
            await fleet.Scripts.Signal(job.Agent!, "STOP");
            var again = await fleet.Client.Becomes(job.JobId, now => now is { Attempt: 2, State: "running" }, "elsewhere");
            again.Agent.ShouldNotBe(job.Agent);
            await Eventually.True(() => effects.Began(2), "it works again");
            effects.Of(1).To.ShouldBeLessThan(effects.Of(2).From, "two attempts at a time");

            await fleet.Scripts.Signal(job.Agent!, "CONT");
            var ended = await fleet.Client.End(job.JobId);
            (ended.State, ended.Attempt, ended.Agent).ShouldBe(("succeeded", 2, again.Agent));
            effects.Of(1).To.ShouldBeLessThan(effects.Of(2).From, "the first attempt came back");
            var journal = await fleet.Client.Journal(job.JobId);
            journal.MustTellOf(ended);
            journal.ShouldContain(entry => entry.Type == "stale", "the end of the first attempt is refused");
        }
        finally
        {
            await Thaw();
        }
    }

    [Fact]
    public async Task When_an_agent_is_killed_its_work_ends_at_once_and_is_repeated_when_it_is_back()
    {
        try
        {
            var effects = new SideEffects(fleet.Home);
            var job = await Started(effects, seconds: 4);
            await fleet.Scripts.Kill(job.Agent!);
            var killed = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
            await fleet.Scripts.Restart(job.Agent!);
            var ended = await fleet.Client.End(job.JobId);
            (ended.State, ended.Attempt).ShouldBe(("succeeded", 2));
            effects.Of(1).To.ShouldBeLessThan(killed + 2);
            effects.Of(1).To.ShouldBeLessThan(effects.Of(2).From);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task A_host_that_comes_back_runs_only_the_newest_version_and_what_waited_too_long_has_expired()
    {
        try
        {
            const string Host = FleetScripts.Narrow;
            await fleet.Scripts.Kill(Host);
            var file = fleet.Home.NewFile();
            var drafts = Enumerable.Range(1, 3).Select(version => JobDraft.Script($"echo {version} >> {file}").On(Host) with
            {
                Offline = "newest",
                QueueKey = file,
            });
            var versions = new List<JobView>();
            foreach (var draft in drafts)
                versions.Add(await fleet.Client.Submit(draft));
            var late = await fleet.Client.Submit(
                JobDraft.Noop.On(Host) with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(1) });
            var patient = await fleet.Client.Submit(JobDraft.Noop.On(Host));
            late = await fleet.Client.End(late.JobId);
            (late.State, late.Error!.Code).ShouldBe(("expired", "expired"));

            await fleet.Scripts.Restart(Host);
            var ended = await Task.WhenAll(versions.Select(version => fleet.Client.End(version.JobId)));
            ended.Select(job => job.State).ShouldBe(["expired", "expired", "succeeded"]);
            ended.Take(2).ShouldAllBe(job => job.Error!.Code == "superseded");
            (await fleet.Client.End(patient.JobId)).State.ShouldBe("succeeded");
            File.ReadAllLines(file).ShouldBe(["3"]);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task An_agent_that_is_asked_to_stop_hands_its_work_over_before_its_lease_ends()
    {
        try
        {
            var stubborn = await fleet.Client.Submit(
                JobDraft.Script("trap '' TERM; [ $FLEET_ATTEMPT = 2 ] || while :; do sleep 0.1; done"));
            var job = await fleet.Client.Becomes(stubborn.JobId, "running");
            var since = Stopwatch.GetTimestamp();
            await fleet.Scripts.Signal(job.Agent!, "TERM");
            await fleet.Client.Becomes(job.JobId, now => now is { Attempt: 2, State: not "assigned" }, "it goes on elsewhere");
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(QuickLeases.LeaseSeconds));
            var ended = await fleet.Client.End(job.JobId);
            (ended.State, ended.MaxAttempts).ShouldBe(("succeeded", 1), "handing back is no failure");
            ended.Agent.ShouldNotBe(job.Agent);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task A_job_that_takes_its_agents_down_three_times_is_not_tried_again()
    {
        try
        {
            var crashes = fleet.Home.NewFile(); // an assignment to an agent that is down is an attempt, and no crash
            var job = await fleet.Client.Submit(
                JobDraft.Script($"echo $FLEET_ATTEMPT >> {crashes}; sleep 60").On(FleetScripts.Wide) with { MaxAttempts = 50 });
            var ending = fleet.Client.End(job.JobId);
            var killed = 0;
            while (await Task.WhenAny(ending, Task.Delay(TimeSpan.FromMilliseconds(200))) != ending)
            {
                if (Lines(crashes) > killed && (await fleet.Client.Show(job.JobId)).Agent is { } agent)
                {
                    await fleet.Scripts.Kill(agent);
                    killed++;
                }

                if (Dead().Count > 0)
                    await fleet.Heal();
            }

            var ended = await ending;
            (ended.State, ended.Error?.Code).ShouldBe(("failed", "crash_loop"));
            Lines(crashes).ShouldBe(3);
            (await fleet.Client.Run(JobDraft.Noop)).State.ShouldBe("succeeded");
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task An_agent_whose_host_is_busy_keeps_its_leases()
    {
        var busy = $"for i in $(seq {4 * Environment.ProcessorCount}); do timeout 15 sh -c 'while :; do :; done' & done; wait";
        var job = await fleet.Client.Run(JobDraft.Script(busy).On(FleetScripts.Wide) with { MaxAttempts = 5 });
        (job.State, job.Attempt).ShouldBe(("succeeded", 1));
    }

    [Fact]
    public async Task A_cancelled_job_of_a_frozen_agent_is_ended_when_it_is_back()
    {
        try
        {
            var effects = new SideEffects(fleet.Home);
            var job = await Started(effects, seconds: 60);
            await fleet.Scripts.Signal(job.Agent!, "STOP");
            using var answer = await fleet.Client.Cancel(job.JobId);
            await Task.Delay(TimeSpan.FromSeconds(1));
            await fleet.Scripts.Signal(job.Agent!, "CONT");
            (await fleet.Client.End(job.JobId)).State.ShouldBe("cancelled");
        }
        finally
        {
            await Thaw();
        }
    }

    private async Task<JobView> Started(SideEffects effects, int seconds)
    {
        var job = await fleet.Client.Submit(JobDraft.Script(effects.Script(seconds)) with { MaxAttempts = 5 });
        await Eventually.True(() => effects.Began(1), "it works");
        return await fleet.Client.Becomes(job.JobId, "running");
    }

    private List<string> Dead() =>
        [.. ((string[])[FleetScripts.Wide, FleetScripts.Narrow]).Where(agent => !ProcFile.IsAlive(fleet.Home.Pid(agent)))];

    private static int Lines(string file) => File.Exists(file) ? File.ReadAllLines(file).Length : 0;

    private async Task Thaw()
    {
        foreach (var agent in (string[])[FleetScripts.Wide, FleetScripts.Narrow])
            await fleet.Scripts.Signal(agent, "CONT");
    }
}
