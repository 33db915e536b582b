using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Work.Attempts;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Control.Tests.Webhooks.Support;
using Fleet.Protocol.Ids;
using Fleet.Tests.Probe;

namespace Fleet.Control.Tests.Platform.Work;

/// <summary>
/// A kind of work that is no job, in a folder of its own with its lifecycle, row and routes, gets from the engine all that
/// jobs have.
/// </summary>
public sealed class ProbeTests(ProbeFleet fleet) : IClassFixture<ProbeFleet>
{
    private static readonly AttemptResult Success = new(AttemptOutcome.Succeeded);

    [Fact]
    public async Task It_waits_for_its_limit_runs_is_watched_and_has_events_of_its_own()
    {
        await using var agent = await fleet.Prober();
        var first = await fleet.Probe(new { gauge = "g1", readings = 2, agent = agent.Name, labels = Labels("watched"), at_once = 1 });
        var run = await agent.NextRun();
        (run.Kind, run.Attempt).ShouldBe((ProbeSpec.Kind, 1));
        SpecJson.Read<ProbeSpec>(run.SpecJson).ShouldBe(new ProbeSpec("g1", 2));
        var second = await fleet.Probe(new { gauge = "g1", agent = agent.Name, labels = Labels("watched"), at_once = 1 });
        var explained = await fleet.Get($"/v1/probes/{second}/explain");
        explained.EnumerateObject().First().ShouldSatisfyAllConditions(
            id => id.Name.ShouldBe("probe_id"), id => id.Value.GetString().ShouldBe(second));
        var reason = explained.GetProperty("reasons")[0];
        reason.GetProperty("code").GetString().ShouldBe("concurrency_limit");
        reason.GetProperty("message").GetString()!.ShouldStartWith("So many probes of the concurrency_key g1 run already");

        var end = fleet.Get($"/v1/probes/{first}?wait=60");
        var stream = fleet.Http.GetStringAsync($"/v1/probes/{first}/events");
        await fleet.Tell($"/v1/probes/{first}/calibration", 204, new { correction = 0.5 });
        await Report(agent, run, started: true, output: "g1 1\n"u8.ToArray());
        await Report(agent, run, finished: Success);
        var shown = await end.Within();
        (shown.GetProperty("state").GetString(), shown.GetProperty("correction").GetDouble()).ShouldBe(("succeeded", 0.5));
        var events = await stream.Within();
        foreach (var type in (string[])["state", "calibrated", "output", "end"])
            events.ShouldContain($"event: {type}\n");
        (await fleet.Http.GetStringAsync($"/v1/probes/{first}/log")).ShouldContain("g1 1");

        (await agent.NextRun()).WorkId.ShouldBe(Id(second));
        (await fleet.Get("/v1/probes?filter=label.test=watched")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await fleet.Get("/v1/jobs?filter=label.test=watched")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_agent_that_calls_it_by_another_kind_is_not_heard()
    {
        await using var agent = await fleet.Prober();
        var probe = await fleet.Probe(new { gauge = "g5", agent = agent.Name, labels = Labels("mistaken") });
        var run = await agent.NextRun();
        await agent.Report(
            new AttemptReport(run.WorkId, "noop", run.Attempt, Started: true, Finished: Success),
            new AttemptReport(run.WorkId, "nonsense", run.Attempt, Started: true, Finished: Success));
        await Report(agent, run, started: true);
        await Eventually.True(async () => await fleet.StateOf(probe) == "running", "it runs");
        await Report(agent, run, finished: Success);
        await Eventually.True(async () => await fleet.StateOf(probe) == "succeeded", "what is said of it counts");
        await Eventually.True(
            async () => (await fleet.Get("/v1/dead-letters")).GetProperty("items").EnumerateArray()
                .Any(letter => letter.GetProperty("reason").GetString()!.Contains("nonsense", StringComparison.Ordinal)),
            "what nobody knows is kept");
    }

    [Fact]
    public async Task A_cancel_lands_in_every_state()
    {
        var queued = await fleet.Probe(new { gauge = "g2", agent = fleet.NewName(), labels = Labels("cancelled") });
        await fleet.Tell($"/v1/probes/{queued}/cancellation", 202);
        (await fleet.StateOf(queued)).ShouldBe("cancelled");

        await using var agent = await fleet.Prober();
        foreach (var started in (bool[])[false, true])
        {
            var probe = await fleet.Probe(new { gauge = "g2", agent = agent.Name, labels = Labels("cancelled") });
            var run = await agent.NextRun();
            if (started)
                await Report(agent, run, started: true);
            await Eventually.True(async () => await fleet.StateOf(probe) == (started ? "running" : "assigned"), "it is there");
            await fleet.Tell($"/v1/probes/{probe}/cancellation", 202);
            (await fleet.StateOf(probe)).ShouldBe("cancelling");
            await fleet.Tell($"/v1/probes/{probe}/cancellation", 202);
            await Report(agent, run, finished: new AttemptResult(AttemptOutcome.Cancelled));
            await Eventually.True(async () => await fleet.StateOf(probe) == "cancelled", "it ended");
            await fleet.Tell($"/v1/probes/{probe}/cancellation", 200);
        }
    }

    [Fact]
    public async Task An_agent_that_starts_anew_loses_it_it_is_tried_again_and_its_end_is_told()
    {
        await using var receiver = await TestReceiver.Start();
        await using var agent = await fleet.Prober();
        var probe = await fleet.Probe(
            new { gauge = "g3", agent = agent.Name, labels = Labels("lost"), max_attempts = 2, state_webhook_url = receiver.Url });
        await Report(agent, await agent.NextRun(), started: true);
        await Eventually.True(async () => await fleet.StateOf(probe) == "running", "it runs");
        agent.Session = Guid.NewGuid();
        await agent.Register();
        await agent.Connect();
        await agent.Beat();
        var again = await agent.NextRun();
        again.Attempt.ShouldBe(2);
        await Report(agent, again, started: true, finished: new AttemptResult(AttemptOutcome.Failed, ErrorCode: "broken"));
        await Eventually.True(async () => await fleet.StateOf(probe) == "failed", "both attempts are used up");
        await Eventually.True(() => Told(receiver).Contains("failed"), "its end is told");

        var repeated = await fleet.Tell($"/v1/probes/{probe}/retry", 202);
        (await agent.NextRun()).WorkId.ShouldBe(Id(repeated.GetProperty("probe_id").GetString()!));
    }

    [Fact]
    public async Task Many_are_cancelled_and_removed_at_once_and_leave_nothing()
    {
        var probes = new List<string>();
        for (var i = 0; i < 3; i++)
            probes.Add(await fleet.Probe(new { gauge = "g4", agent = fleet.NewName(), labels = Labels("bulk") }));
        (await fleet.House.Ask<long>("select count(*) from probes where id = any($1)", Ids(probes))).ShouldBe(3);
        await fleet.Tell("/v1/probes/bulk", 202, new { filter = "label.test=bulk", action = "cancel" });
        foreach (var probe in probes)
            (await fleet.Get($"/v1/probes/{probe}?wait=60")).GetProperty("state").GetString().ShouldBe("cancelled");
        await fleet.Tell("/v1/probes/bulk", 202, new { filter = "label.test=bulk", action = "delete" });
        foreach (var table in (string[])["work", "work_state", "probes"])
        {
            await Eventually.True(
                async () => await fleet.House.Ask<long>($"select count(*) from {table} where id = any($1)", Ids(probes)) == 0,
                $"{table} holds nothing of them");
        }
    }

    [Fact]
    public async Task A_run_over_many_asks_for_the_scopes_of_its_family_and_is_listed_to_who_may_read_that()
    {
        var (filter, all) = ("label.test=scoped", new { filter = "label.test=scoped", action = "cancel" });
        using var prober = await fleet.WithScopes("datasets:read", "backups:manage");
        using var worker = await fleet.WithScopes("jobs:read", "jobs:update");
        var ofProbes = await Begin(prober, "/v1/probes/bulk");
        var ofJobs = await Begin(worker, "/v1/jobs/bulk");
        (await worker.PostAsJsonAsync("/v1/probes/bulk", all)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await Listed(prober)).ShouldBe([ofProbes]);
        (await Listed(worker)).ShouldBe([ofJobs]);
        (await Listed(fleet.Http)).ShouldBe([ofProbes, ofJobs], ignoreOrder: true);
        await (await prober.GetAsync($"/v1/bulk/{ofProbes}")).Json(200);
        await (await worker.GetAsync($"/v1/bulk/{ofProbes}")).Problem(403, "forbidden");
        await (await worker.PostAsync($"/v1/bulk/{ofProbes}/cancellation", null)).Problem(403, "forbidden");
        using var reader = await fleet.WithScopes("datasets:read");
        await (await reader.PostAsync($"/v1/bulk/{ofProbes}/cancellation", null)).Problem(403, "forbidden");
        using var nobody = await fleet.WithScopes("agents:read");
        await (await nobody.GetAsync("/v1/bulk")).Problem(403, "forbidden");
        var again = await (await prober.PostAsJsonAsync("/v1/probes/bulk", new { filter, action = "retry" })).Problem(403, "forbidden");
        again.GetProperty("detail").GetString().ShouldBe("To submit probes again, a key needs the scope datasets:create too.");

        async Task<string> Begin(HttpClient by, string path)
        {
            using var answer = await by.PostAsJsonAsync(path, all);
            return (await answer.Json(202)).GetProperty("bulk_id").GetString()!;
        }

        async Task<IEnumerable<string?>> Listed(HttpClient by) =>
            (await (await by.GetAsync("/v1/bulk?limit=200")).Json(200)).GetProperty("items").EnumerateArray()
            .Where(run => run.GetProperty("filter").GetString() == filter).Select(run => run.GetProperty("bulk_id").GetString());
    }

    [Fact]
    public async Task A_rule_removes_those_of_its_kind_and_labels_with_their_own_rows()
    {
        var over = await fleet.Probe(new { gauge = "g6", agent = fleet.NewName(), labels = Labels("over") });
        var other = await fleet.Probe(new { gauge = "g6", agent = fleet.NewName(), labels = Labels("other") });
        var job = await fleet.Submit(new { kind = "noop", target = new { agent = fleet.NewName() }, labels = Labels("over") });
        foreach (var path in (string[])[$"/v1/probes/{over}", $"/v1/probes/{other}", $"/v1/jobs/{job}"])
            await fleet.Tell($"{path}/cancellation", 202);
        await fleet.House.Ask<object?>(
            "update work_state set finished_at = finished_at - interval '2 days' where id = any($1)", Ids([over, other, job]));
        await fleet.Tell("/v1/retention-rules", 201, new { kind = ProbeSpec.Kind, labels = Labels("over"), keep = "1d" });

        await Eventually.True(async () => await Rows("work", over) + await Rows("probes", over) == 0, "it is gone");
        (await fleet.Http.GetAsync($"/v1/probes/{over}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await fleet.StateOf(other)).ShouldBe("cancelled");
        (await Rows("probes", other)).ShouldBe(1);
        (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString().ShouldBe("cancelled");
        var audited = (await fleet.Get("/v1/audit?key=retention&limit=1")).GetProperty("items")[0];
        (audited.GetProperty("action").GetString(), audited.GetProperty("objects")[0].GetString()).ShouldBe(("probe.delete", over));

        Task<long> Rows(string table, string probe) =>
            fleet.House.Ask<long>($"select count(*) from {table} where id = $1", Id(probe));
    }

    [Fact]
    public async Task When_its_agents_lease_is_over_it_is_queued_again_or_failed()
    {
        await using var agent = await fleet.Prober();
        var again = await Running(attempts: 2);
        var last = await Running(attempts: 1);
        fleet.Services.GetRequiredService<Hearing>().Since -= TimeSpan.FromSeconds(46);
        await fleet.House.Do($"update agents set beat_at = now() - interval '46 s' where name = '{agent.Name}'");
        fleet.Services.GetRequiredService<LeaseWatch>().LookNow();
        await Eventually.True(async () => await fleet.StateOf(last) == "failed", "its last attempt is lost");
        (await Stored<string>("error_code", last)).ShouldBe("agent_lost");
        await Eventually.True(async () => await fleet.StateOf(again) == "queued", "it waits for another attempt");
        (await Stored<int>("failures", again)).ShouldBe(1);

        async Task<string> Running(int attempts)
        {
            var probe = await fleet.Probe(
                new { gauge = "g7", agent = agent.Name, labels = Labels("silent"), max_attempts = attempts });
            await Report(agent, await agent.NextRun(), started: true);
            await Eventually.True(async () => await fleet.StateOf(probe) == "running", "it runs");
            return probe;
        }

        Task<T> Stored<T>(string column, string probe) =>
            fleet.House.Ask<T>($"select {column} from work_state where id = $1", Id(probe));
    }

    private static Dictionary<string, string> Labels(string test) => new() { ["test"] = test };

    private static Guid Id(string probe) => WireId.TryParse(probe, out var id) ? id : throw new FormatException(probe);

    private static Guid[] Ids(IEnumerable<string> probes) => [.. probes.Select(Id)];

    private static IEnumerable<string?> Told(TestReceiver receiver) => receiver.Calls
        .Select(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("state").GetString());

    private static Task Report(
        TestAgent agent, RunAttempt run, bool started = false, byte[]? output = null, AttemptResult? finished = null) =>
        agent.Report(new AttemptReport(
            run.WorkId, ProbeSpec.Kind, run.Attempt, started,
            output is null ? null : [new OutputChunk("readings", output)], Finished: finished));
}
