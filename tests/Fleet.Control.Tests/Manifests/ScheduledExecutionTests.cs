using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>Schedules that start executions: what they start, how its end comes back, and how it is cancelled.</summary>
public sealed class ScheduledExecutionTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task A_schedule_starts_an_execution_and_the_end_of_all_its_jobs_is_the_end_of_the_occurrence()
    {
        await using var one = await fleet.Agent();
        await using var two = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "nightly"));
        var schedule = await Create("nightly", [one.Name, two.Name]);

        var occurrence = await fleet.Tell($"{schedule}/run", 202);
        occurrence.GetProperty("outcome").GetString().ShouldBe("started");
        var execution = Started(occurrence).GetProperty("id").GetString()!;
        (Started(occurrence).GetProperty("kind").GetString(), Started(occurrence).GetProperty("state").GetString())
            .ShouldBe(("execution", "running"));
        (await fleet.Get($"/v1/executions/{execution}")).GetProperty("schedule").GetString().ShouldBe("nightly");

        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        var second = await ManifestFleet.Begin(two);
        await fleet.Until(execution, "0 1 1 0 0");
        (await Last(schedule)).GetProperty("ended_at").ValueKind.ShouldBe(JsonValueKind.Null);
        await ManifestFleet.End(two, second, 3);
        await Ends(schedule, "failed");
        (await fleet.Get(schedule)).GetProperty("failures").GetInt32().ShouldBe(1);

        await fleet.Tell($"{schedule}/run", 202);
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await ManifestFleet.End(two, await ManifestFleet.Begin(two));
        await Ends(schedule, "succeeded");
        var shown = await fleet.Get(schedule);
        (shown.GetProperty("failures").GetInt32(), shown.GetProperty("success_rate").GetDouble()).ShouldBe((0, 0.5));
    }

    [Fact]
    public async Task With_a_cascade_what_waits_of_its_execution_never_begins_and_what_runs_is_ended()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "cascading"));
        var schedule = await Create("cascading", [one.Name], """, "waves": [{"hosts": 1}, {"hosts": 1, "delay_s": 600}]""");
        var execution = Started(await fleet.Tell($"{schedule}/run", 202)).GetProperty("id").GetString()!;
        var run = await ManifestFleet.Begin(one);
        await fleet.Until(execution, "0 1 0 0 0");

        await fleet.Tell($"{schedule}/pause", 200, new { cascade = true });
        (await fleet.State(execution)).ShouldBe("aborted");
        await Eventually.True(
            async () => (await fleet.Get($"/v1/jobs/{Protocol.Ids.WireId.Format(run.WorkId)}")).GetProperty("state").GetString() == "cancelling",
            "its job is asked to end");
        await ManifestFleet.End(one, run, 143);
        await Ends(schedule, "cancelled");
    }

    [Fact]
    public async Task The_next_execution_waits_for_the_end_of_the_one_before_or_is_skipped()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "overlapping"));
        var skipping = await Create("overlapping", [one.Name], """, "priority": 9""", """{"every_s": 1}""", "skip");
        var run = await ManifestFleet.Begin(one);
        await Eventually.True(async () => await Outcome(skipping, "skipped") > 0, "a due time is skipped");
        (await Outcome(skipping, "started")).ShouldBe(1);
        await ManifestFleet.End(one, run);
        await Eventually.True(async () => await Outcome(skipping, "started") == 2, "the next starts");
        using var gone = await fleet.Http.DeleteAsync($"{skipping}?cascade=true");
        gone.EnsureSuccessStatusCode();

        var cancelling = await Create("overlapping", [one.Name], "", """{"every_s": 1}""", "cancel_other");
        await Eventually.True(
            async () => (await Occurrences(cancelling)).Exists(row => row.GetProperty("reason").GetString() == "buffered"),
            "the next starts, as what waits of the first is cancelled");
        (await Occurrences(cancelling))[^1].GetProperty("started").GetProperty("state").GetString().ShouldBe("cancelled");
        using var over = await fleet.Http.DeleteAsync($"{cancelling}?cascade=true");
        over.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_manifest_that_is_gone_and_an_approval_that_is_awaited_are_told()
    {
        await using var one = await fleet.Agent();
        var lost = await Create("never-posted", [one.Name]);
        var failed = await fleet.Tell($"{lost}/run", 202);
        (failed.GetProperty("outcome").GetString(), failed.GetProperty("reason").GetString()).ShouldBe(("failed", "target_gone"));

        await fleet.Post(ManifestFleet.Hello.Replace("hello", "careful") + "\nrequire_approval: true\n");
        var careful = await Create("careful", [one.Name]);
        Started(await fleet.Tell($"{careful}/run", 202)).GetProperty("state").GetString().ShouldBe("awaiting_approval");

        await fleet.Post(ManifestFleet.Hello.Replace("hello", "wide"));
        await using var two = await fleet.Agent();
        await using var three = await fleet.Agent();
        await using var four = await fleet.Agent();
        string[] many = [one.Name, two.Name, three.Name, four.Name];
        var refused = await fleet.Tell($"{await Create("wide", many)}/run", 202);
        refused.GetProperty("detail").GetString()!.ShouldContain("4 agents");
        using var dry = await fleet.Http.PostAsJsonAsync(
            "/v1/executions?dry_run=true", new { manifest = "wide", target = new { agents = many } });
        var token = (await dry.Json(200)).GetProperty("confirm").GetString();
        var confirmed = await fleet.Tell($"{await Create("wide", many, $$""", "confirm": "{{token}}" """)}/run", 202);
        confirmed.GetProperty("outcome").GetString().ShouldBe("started");
    }

    [Fact]
    public async Task Who_says_what_a_schedule_starts_or_has_it_start_or_posted_what_it_runs_does_not_approve_it()
    {
        await using var one = await fleet.Agent();
        using var author = await fleet.WithScopes("jobs:read", "jobs:create", "jobs:update");
        await fleet.Send(
            HttpMethod.Post, "/v1/manifests", ManifestFleet.Hello.Replace("hello", "approved") + "\nrequire_approval: true\n", 201, by: author);
        var schedule = await Create("approved", [one.Name]);
        string[] scopes = ["schedules:read", "schedules:update", "jobs:read", "jobs:create", "jobs:update"];
        using var other = await fleet.WithScopes(scopes);
        using var third = await fleet.WithScopes(scopes);
        await Change(third, 1, """{"name": "renamed"}"""); // it starts what it started
        await Refused(await Run(other), other, fleet.Http);

        var target = JsonSerializer.Serialize((string[])[one.Name]);
        await Change(other, 2, $$$"""
            {"start": {"execution": {"manifest": "approved", "priority": 9, "target": {"agents": {{{target}}} } } } }
            """);
        var execution = await Run(third);
        await Refused(execution, other, third, author);
        await fleet.Tell($"/v1/executions/{execution}/approval", 200); // of the key that made it, and has no part in it any more
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await fleet.Until(execution, "0 0 1 0 0");

        async Task<string> Run(HttpClient by) =>
            Started(await fleet.Tell($"{schedule}/run", 202, by: by)).GetProperty("id").GetString()!;

        async Task Change(HttpClient by, int revision, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, schedule)
            {
                Content = new StringContent(json, null, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{revision}\"");
            using var answer = await by.SendAsync(request);
            await answer.Json(200);
        }

        async Task Refused(string waiting, params HttpClient[] keys)
        {
            foreach (var key in keys)
            {
                using var answer = await key.PostAsync($"/v1/executions/{waiting}/approval", null);
                await answer.Problem(403, "forbidden");
            }
        }
    }

    [Fact]
    public async Task What_never_ends_hides_no_end_behind_it()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "behind"));
        await fleet.House.Do(
            """
            insert into schedule_occurrences (
                id, version, schedule_id, due_at, outcome, recorded_at, lateness_ms, started_kind, work_id, is_open)
            select gen_random_uuid(), 1, gen_random_uuid(), now(), 'started', now() - interval '1 hour', 0, 'unheard',
                gen_random_uuid(), true
            from generate_series(1, 1000)
            """);
        var schedule = await Create("behind", [one.Name]);
        await fleet.Tell($"{schedule}/run", 202);
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Ends(schedule, "succeeded");
        await fleet.House.Do("delete from schedule_occurrences where started_kind = 'unheard'");
    }

    [Fact]
    public async Task An_agent_that_holds_a_schedule_starts_no_execution_with_it()
    {
        const string body = """
            {"name": "held", "when": {"cron": "0 2 * * *"}, "held_by": "web-1",
             "start": {"execution": {"manifest": "hello", "target": {"all": true} } } }
            """;
        using var answer = await fleet.Http.PostAsync("/v1/schedules", new StringContent(body, null, "application/json"));
        (await answer.Problem(400, "invalid_field")).Sentence("start.execution").ShouldContain("single pieces of work");
    }

    [Fact]
    public async Task What_is_wrong_with_the_execution_is_named_with_its_path()
    {
        var body = """{"name": "x", "when": {"manual": true}, "start": {"execution": {"target": {}, "offline": "never"}}}""";
        using var answer = await fleet.Http.PostAsync("/v1/schedules", new StringContent(body, null, "application/json"));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Select(error => error.Name).Order()
            .ShouldBe(["start.execution.manifest", "start.execution.offline", "start.execution.target"]);
    }

    private async Task<string> Create(
        string manifest, string[] agents, string more = "", string when = """{"manual": true}""", string overlap = "allow")
    {
        var target = JsonSerializer.Serialize(agents);
        var start = $$$"""{"manifest": "{{{manifest}}}", "target": {"agents": {{{target}}} }{{{more}}} }""";
        var body = $$$"""{"name": "{{{manifest}}}", "when": {{{when}}}, "overlap": "{{{overlap}}}", "start": {"execution": {{{start}}} } }""";
        return (await fleet.Send(HttpMethod.Post, "/v1/schedules", body, 201, "application/json"))
            .GetProperty("links").GetProperty("self").GetString()!;
    }

    private static JsonElement Started(JsonElement occurrence) => occurrence.GetProperty("started");

    private async Task<JsonElement> Last(string schedule) => (await fleet.Get(schedule)).GetProperty("last");

    private Task Ends(string schedule, string state) => Eventually.True(
        async () => await Last(schedule) is var last && last.GetProperty("ended_at").ValueKind != JsonValueKind.Null
            && Started(last).GetProperty("state").GetString() == state,
        $"what {schedule} started last has {state}");

    private async Task<List<JsonElement>> Occurrences(string schedule) =>
        [.. (await fleet.Get($"{schedule}/occurrences")).GetProperty("items").EnumerateArray()];

    private async Task<int> Outcome(string schedule, string outcome) =>
        (await Occurrences(schedule)).Count(row => row.GetProperty("outcome").GetString() == outcome);
}
