using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>What kanade's clients call, in the order in which a person would.</summary>
public sealed class KanadeTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    private const string Sweep =
        "# d\u00e4ily sweep\r\nid: sweep\nversion: '2.10'   # quoted, or it were a number\ndescription: >-\n  folds\n  away\nexecute:\n"
        + "  shell: sh\n  timeout: 1h 30m\n  script: |+\n    echo swept\n\ninventory: {anything: [1, 2.50, ~]}\ntags: [nightly, \"a b\"]\n";

    [Fact]
    public async Task Documents_come_back_byte_for_byte_and_what_is_unknown_is_refused_with_its_path()
    {
        (await Send("POST", "/api/jobs", 200, Sweep)).ShouldBe("""{"id":"sweep","version":"2.10","description":"folds away","inventory":true}""");
        using (var yaml = await fleet.Http.GetAsync("/api/jobs/sweep/yaml"))
        {
            yaml.Content.Headers.ContentType!.ToString().ShouldBe("application/yaml");
            (await yaml.Content.ReadAsByteArrayAsync()).ShouldBe(Encoding.UTF8.GetBytes(Sweep));
        }

        (await Send("POST", "/api/jobs", 400, Sweep + "foo: 1\nstaleness: {odd: 1}\n"))
            .ShouldBe("invalid manifest: unknown field(s): staleness.odd, foo");
        (await Send("POST", "/api/jobs", 400, Sweep.Replace("script:", "scriptt:"))).ShouldBe("invalid manifest: unknown field(s): execute.scriptt");
        (await Send("POST", "/api/jobs", 400, "a: [", "text/yaml")).ShouldStartWith("parse YAML body: ");
        (await Send("POST", "/api/jobs", 400, "{", "application/json")).ShouldStartWith("parse JSON body: ");
        (await Send("POST", "/api/jobs", 400, "id: x", "text/plain")).ShouldStartWith("parse JSON body: ");
        (await Send("POST", "/api/jobs", 200, """{"id":"plain","version":"1","execute":{"shell":"cmd","timeout":"5s","script":"dir"}}""", "application/json"))
            .ShouldBe("""{"id":"plain","version":"1","description":null,"inventory":false}""");
        (await Get("/api/jobs/plain/yaml")).ShouldContain("timeout: 5s");
        (await Get("/api/jobs/none/yaml", 404)).ShouldBe("job 'none' not found");

        var rows = JsonDocument.Parse(await Get("/api/jobs")).RootElement.EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("id").GetString()).ShouldBeInOrder();
        var sweep = rows.Single(row => row.GetProperty("id").GetString() == "sweep");
        sweep.GetProperty("inventory").GetRawText().ShouldBe("""{"anything":[1,2.5,null]}""");
        sweep.GetProperty("live").GetRawText().ShouldBe("""{"running":0,"pending":0}""");
    }

    [Fact]
    public async Task What_operators_write_comes_back_as_they_wrote_it()
    {
        var all = KanadeDocuments.Jobs.Select(document => ("jobs", document))
            .Concat(KanadeDocuments.Schedules.Select(document => ("schedules", document))).ToList();
        all.Count.ShouldBe(20);
        foreach (var (kind, document) in all)
        {
            var isJson = document.StartsWith("{\"", StringComparison.Ordinal) || document.StartsWith("{\n", StringComparison.Ordinal);
            var said = JsonDocument.Parse(
                await Send("POST", $"/api/{kind}", 200, document, isJson ? "application/json" : "application/x-yaml")).RootElement;
            var id = said.GetProperty("id").GetString();
            using var kept = await fleet.Http.GetAsync(isJson ? $"/v1/manifests/{id}/text" : $"/api/{kind}/{id}/yaml");
            (await kept.Content.ReadAsByteArrayAsync()).ShouldBe(Encoding.UTF8.GetBytes(document), id);
        }

        var manifests = JsonDocument.Parse(await Get("/api/jobs")).RootElement.EnumerateArray()
            .ToDictionary(job => job.GetProperty("id").GetString()!);
        manifests["doc-disks"].GetProperty("inventory").GetProperty("columns")[1].GetProperty("type").GetString().ShouldBe("percent");
        manifests["doc-json"].GetProperty("collect").GetRawText().ShouldBe("{\"odd\":[1,2.50,1e3,null,true,\"\u00e4\"]}");
        var listed = (await fleet.Get("/v1/manifest-schedules")).GetProperty("items").EnumerateArray().ToList();
        listed.Select(one => one.GetProperty("when").GetString()).ShouldContain("at 09:00 [tue#2,friL]");
        listed.ShouldAllBe(one => one.GetProperty("paused").GetBoolean());
        var resumed = await fleet.Tell("/v1/manifest-schedules/a-date/resume", 200);
        resumed.GetProperty("next")[0].GetString()!.ShouldStartWith("2031-02-03T");
        (await Get("/api/schedules/a-date/status")).ShouldContain("\"enabled\":true");
        (await fleet.Tell("/v1/manifest-schedules/a-date/pause", 200)).GetProperty("next").GetArrayLength().ShouldBe(0);
        using (var unknown = await fleet.Http.PostAsJsonAsync("/v1/manifest-schedules/unknown/pause", new { }))
            await unknown.Problem(404, "not_found");
        using (var reader = await fleet.WithScopes("schedules:read"))
        using (var refused = await reader.PostAsJsonAsync("/v1/manifest-schedules/a-date/pause", new { }))
            await refused.Problem(403, "forbidden");
        foreach (var schedule in JsonDocument.Parse(await Get("/api/schedules")).RootElement.EnumerateArray())
            await Send("DELETE", $"/api/schedules/{schedule.GetProperty("id").GetString()}", 204, null);
    }

    [Fact]
    public async Task An_exec_is_followed_searched_and_killed()
    {
        await using var one = await fleet.Agent();
        await using var two = await fleet.Agent();
        await Send("POST", "/api/jobs", 200, Sweep.Replace("id: sweep", "id: exec"));
        (await Send("PUT", $"/api/agents/{one.Name}/groups", 200, """{"groups":["canary","all"," canary "]}""", "application/json"))
            .ShouldBe("""{"groups":["all","canary"]}""");
        (await Send("POST", $"/api/agents/{two.Name}/groups", 200, """{"group":"all"}""", "application/json")).ShouldBe("""{"groups":["all"]}""");
        (await Send("POST", $"/api/agents/{two.Name}/groups", 400, """{"group":" "}""", "application/json")).ShouldNotBeEmpty();
        var exec = JsonDocument.Parse(await Send(
            "POST", "/api/exec/exec", 200, """{"target":{"groups":["all","canary"],"pcs":[]}}""", "application/json")).RootElement;
        var id = exec.GetProperty("exec_id").GetString()!;
        exec.GetRawText().ShouldBe(
            $$"""{"exec_id":"{{id}}","job_id":"exec","version":"2.10","target_count":2,"subjects":["commands.group.all","commands.group.canary"]}""");
        var noWaves = $$"""{"target":{"pcs":["{{two.Name}}"]},"rollout":{"waves":[]} }""";
        (await Send("POST", "/api/exec/exec", 200, noWaves, "application/json")).ShouldContain("\"target_count\":1"); // the target stays
        (await Send("POST", "/api/exec/exec", 400, """{"rollout":{"waves":[]}}""", "application/json")).ShouldStartWith("target must specify");
        (await Get($"/api/executions/{id}")).ShouldContain("\"status\":\"pending\"");
        (await Get("/api/executions/none", 404)).ShouldBe("");

        var run = await ManifestFleet.Begin(one);
        await one.Deliver(new AttemptReport(
            run.WorkId, JobKinds.Command, run.Attempt, Output: [new OutputChunk("stdout", "so far\n"u8.ToArray())]));
        var result = run.WorkId.ToString();
        (await Get($"/api/results/{result}/tail")).ShouldBe(
            """{"running":true,"live":true,"stdout":"so far\n","stderr":"","stdout_truncated":false,"stderr_truncated":false,"exit_code":null}""");
        var running = JsonDocument.Parse(await Get($"/api/results?status=running&exec_id={id}")).RootElement;
        running.GetArrayLength().ShouldBe(1);
        running[0].EnumerateObject().Select(field => field.Name).ShouldBe(
        [
            "result_id", "request_id", "exec_id", "pc_id", "exit_code", "stdout", "stderr", "started_at", "finished_at", "job_id",
            "version",
        ]);
        running[0].GetProperty("finished_at").ValueKind.ShouldBe(JsonValueKind.Null);
        running[0].GetProperty("started_at").GetString()!.ShouldEndWith("Z");
        JsonDocument.Parse(await Get($"/api/runs?exec_id={id}")).RootElement[0].EnumerateObject().Select(field => field.Name)
            .ShouldBe(["exec_id", "pc_id", "started_at", "manifest_id", "version"]);
        one.Answers = _ => null; // silent
        (await Get($"/api/results/{result}/tail")).ShouldBe(
            """{"running":true,"live":false,"stdout":"","stderr":"","stdout_truncated":false,"stderr_truncated":false,"exit_code":null}""");
        await ManifestFleet.End(one, run, 0, "and done\n");
        (await Get($"/api/results/{result}/tail")).ShouldContain("\"stdout\":\"so far\\nand done\\n\"");
        (await Get($"/api/results?exec_id={id}&stdout=(?i)AND%20d.ne$", 200)).ShouldBe("[]"); // the end is behind the line's end
        JsonDocument.Parse(await Get($"/api/results?exec_id={id}&stdout=(?im)AND%20d.ne$")).RootElement.GetArrayLength().ShouldBe(1);
        (await Get("/api/results?stdout=(?=x)", 400)).ShouldBe("invalid regex `(?=x)`: invalid perl operator: (?=");
        (await Get("/api/results?status=odd", 400)).ShouldNotBeEmpty();
        (await Get("/api/results?since=odd", 400)).ShouldNotBeEmpty();
        (await Get("/api/results?limit=-1", 400)).ShouldNotBeEmpty();
        (await Get($"/api/results/{Guid.NewGuid()}", 404)).ShouldBe("");

        var second = await ManifestFleet.Begin(two);
        await Send("POST", "/api/jobs/exec/kill", 204, null);
        await ManifestFleet.End(two, second, 137);
        await Eventually.True(async () => (await Get($"/api/executions/{id}")).Contains("\"status\":\"completed\""), "it is over");
        var detail = JsonDocument.Parse(await Get($"/api/executions/{id}")).RootElement;
        detail.GetProperty("execution").EnumerateObject().Select(field => field.Name).ShouldBe(
            ["exec_id", "job_id", "version", "initiated_by", "initiated_at", "target_count", "success_count", "failure_count", "status"]);
        detail.GetProperty("results").EnumerateArray().Select(row => (row.GetProperty("pc_id").GetString(), row.GetProperty("exit_code").GetInt32()))
            .ShouldBe([(two.Name, -1), (one.Name, 0)]);
        (await Get("/api/executions?status=completed&job_id=exec")).ShouldContain(id);
        (await Get("/api/executions?status=dancing")).ShouldBe("[]");
        await Send("POST", "/api/jobs/exec/kill", 204, null);
        (await Send("POST", "/api/exec/exec", 400, "{}", "application/json")).ShouldStartWith("target must specify");
        (await Send("POST", "/api/exec/exec", 400, """{"target":{"all":true},"jitter":"soon"}""", "application/json")).ShouldStartWith("invalid jitter: ");
        (await Send("POST", "/api/exec/exec", 400, """{"rollout":{"strategy":"wave","waves":[{"group":"a","delay":"x"}]}}""", "application/json"))
            .ShouldStartWith("invalid rollout.waves[0].delay: ");
        (await Send("POST", "/api/exec/exec", 415, "{}", "text/plain")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_command_is_run_by_itself_and_waited_for()
    {
        await using var agent = await fleet.Agent();
        var asked = Send("POST", "/api/run", 200, $$"""{"pc_id":"{{agent.Name}}","script":"echo hi","shell":"sh","timeout_secs":5}""", "application/json");
        await ManifestFleet.End(agent, await ManifestFleet.Begin(agent), 0, "hi\n");
        var answer = JsonDocument.Parse(await asked).RootElement;
        answer.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["result_id", "request_id", "pc_id", "exit_code", "stdout", "stderr", "started_at", "finished_at", "manifest_id"]);
        (answer.GetProperty("stdout").GetString(), answer.GetProperty("manifest_id").GetString()).ShouldBe(("hi\n", "adhoc-run"));
        (await Send("POST", "/api/run", 400, $$"""{"pc_id":"{{agent.Name}}","script":"x","shell":"fish"}""", "application/json"))
            .ShouldStartWith("unknown shell `fish`");
        (await Send("POST", "/api/run", 408, """{"pc_id":"nobody-there","script":"x","shell":"sh"}""", "application/json")).ShouldContain("nobody-there");
        (await Send("POST", "/api/run", 422, "{}", "application/json")).ShouldContain("pc_id");
    }

    [Fact]
    public async Task Agents_are_listed_pinged_and_the_rest_answers_as_it_should()
    {
        await using var agent = await fleet.Agent();
        using (var list = await fleet.Http.GetAsync("/api/agents?limit=1&status=online"))
        {
            var rows = await list.Json(200);
            rows[0].EnumerateObject().Select(field => field.Name).ShouldBe(
            [
                "pc_id", "hostname", "os_family", "agent_version", "last_heartbeat", "updated_at", "agent_cpu_pct", "agent_rss_bytes",
                "agent_disk_read_bytes", "agent_disk_written_bytes",
            ]);
            list.Headers.GetValues("X-Total-Count").Single().ShouldNotBe("0");
            list.Headers.GetValues("X-Online-Count").Single().ShouldNotBe("0");
            list.Headers.Contains("X-Offline-Count").ShouldBeTrue();
        }

        (await Get($"/api/agents/{agent.Name}")).ShouldContain("\"hostname\":\"here\"");
        (await Get("/api/agents/nobody-there", 404)).ShouldBe("");
        (await Get("/api/agents?status=odd", 400)).ShouldNotBeEmpty();
        (await Get("/api/agents/nobody-there/groups")).ShouldBe("""{"groups":[]}""");
        (await Send("POST", $"/api/agents/{agent.Name}/ping", 200, null)).ShouldStartWith($$"""{"heartbeat":{"pc_id":"{{agent.Name}}","at":""");
        (await Send("POST", "/api/agents/nobody-there/ping?wait_secs=1", 408, null)).ShouldContain("nobody-there");
        agent.Answers = _ => null; // its connection stands, and it says nothing
        (await Send("POST", $"/api/agents/{agent.Name}/ping?wait_secs=1", 408, null)).ShouldContain(agent.Name);
        (await Get($"/api/agents/{agent.Name}/logs", 504)).ShouldContain("did not answer");
        (await Get("/api/agents/nobody-there/logs", 504)).ShouldContain("nobody-there");
        agent.Answers = question => $"{question.Operation} {question.Lines}\nthe last line\n";
        using (var log = await fleet.Http.GetAsync($"/api/agents/{agent.Name}/logs?tail=7"))
        {
            (await log.Content.ReadAsStringAsync()).ShouldBe("log 7\nthe last line\n");
            log.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        }

        (await Get("/api/audit?action=^agent.reply$")).ShouldBe("[]"); // answers are many

        (await Get("/api/freeze")).ShouldBe("null");
        (await Send("PUT", "/api/freeze", 400, """{"from":"odd"}""", "application/json")).ShouldStartWith("invalid freeze: ");
        (await Send("PUT", "/api/freeze", 200, """{"reason":"holidays"}""", "application/json")).ShouldBe("""{"reason":"holidays","tz":"local"}""");
        (await Get("/api/freeze")).ShouldBe("""{"reason":"holidays","tz":"local"}""");
        await Send("DELETE", "/api/freeze", 204, null);
        await Send("DELETE", "/api/freeze", 204, null);
        (await Send("POST", "/api/scripts/some-job/revoke", 204, null)).ShouldBe("");
        (await Get("/api/scripts/status")).ShouldContain("\"some-job\":\"REVOKED\"");
        await Send("POST", "/api/scripts/some-job/unrevoke", 204, null);
        (await Get("/api/scripts/status")).ShouldContain("\"some-job\":\"ACTIVE\"");
        await Eventually.True(
            async () => (await Get("/api/audit?action=^freeze_set$&limit=5")).Contains("\"action\":\"freeze_set\""), "the freeze is in the audit");
        using (var narrow = await fleet.WithScopes("jobs:read"))
        using (var refused = await narrow.GetAsync("/api/audit"))
            ((int)refused.StatusCode).ShouldBe(403); // it is not all of a viewer
        JsonDocument.Parse(await Get("/api/audit?limit=1")).RootElement[0].EnumerateObject().Select(field => field.Name)
            .ShouldBe(["id", "actor", "action", "target", "payload", "occurred_at"]);
    }

    [Fact]
    public async Task An_agent_that_knows_no_questions_is_asked_none_and_its_last_word_counts()
    {
        await using var agent = await fleet.Agent();
        var asked = 0;
        agent.Answers = _ => Interlocked.Increment(ref asked).ToString(System.Globalization.CultureInfo.InvariantCulture);
        agent.Known = "";
        await agent.Register();
        (await Send("POST", $"/api/agents/{agent.Name}/ping", 200, null)).ShouldContain(agent.Name);
        await Get($"/api/agents/{agent.Name}/logs", 504);
        asked.ShouldBe(0);
    }

    [Fact]
    public async Task Schedules_are_kept_byte_for_byte_switched_and_explained()
    {
        await Send("POST", "/api/jobs", 200, Sweep.Replace("id: sweep", "id: planned"));
        const string Nightly =
            "id: nightly  # each night\njob_id: planned\nwhen:\n  calendar: {at: '02:30', days: [mon-fri]}\ntz: utc\ntarget: {all: true}\nenabled: true # yes\n";
        (await Send("POST", "/api/schedules", 200, Nightly)).ShouldBe(
            """{"id":"nightly","when":"at 02:30 [mon-fri]","enabled":true,"job_id":"planned"}""");
        (await Get("/api/schedules/nightly/yaml")).ShouldBe(Nightly);
        var preview = JsonDocument.Parse(await Get("/api/schedules/nightly/preview?count=3")).RootElement;
        preview.GetProperty("fires").EnumerateArray().Select(fire => fire.GetString()!).ShouldAllBe(fire => fire.EndsWith("T02:30:00+00:00"));
        preview.GetProperty("fires").GetArrayLength().ShouldBe(3);
        JsonDocument.Parse(await Get("/api/schedules/nightly/status")).RootElement.EnumerateObject().Select(field => field.Name)
            .ShouldBe(["id", "when", "tz", "enabled", "next_run", "last_run", "recent"]);
        (await Send("DELETE", "/api/jobs/planned", 409, null)).ShouldContain("'nightly'");
        await Send("POST", "/api/schedules/nightly/disable", 204, null);
        await Send("POST", "/api/schedules/nightly/disable", 204, null);
        (await Get("/api/schedules/nightly/yaml")).ShouldBe(Nightly.Replace("enabled: true # yes", "enabled: false # yes"));
        await Send("POST", "/api/schedules/nightly/enable", 204, null);
        (await Get("/api/schedules/nightly/yaml")).ShouldBe(Nightly);
        await Send("POST", "/api/schedules/none/enable", 404, null);
        (await Send("POST", "/api/schedules", 400, Nightly.Replace("planned", "absent"))).ShouldStartWith("unknown job_id 'absent'");
        (await Send("POST", "/api/schedules", 400, "id: a\njob_id: planned\ncron: '* * * * *'\n")).ShouldContain("no cron");
        foreach (var wrong in (string[])
        [
            "when: {per_pc: once, on: [logon]}", "when: {per_pc: {every: soon}}", "when: {calendar: {at: '25:00'}}", "when: {on: []}",
            "when: {per_target: once}\nruns_on: agent", "when: {on: [logon]}", "when: {calendar: {at: '09:00', days: [tue#6]}}",
            "when: {per_pc: once}\nruns_on: agent\nconstraints: {max_concurrent: 2}", "when: {per_pc: once}\nconstraints: {window: '9'}",
            "when: {per_pc: once}\non_failure: {retry: {max: 11, backoff: 1m}}", "when: {per_pc: often}",
        ])
            (await Send("POST", "/api/schedules", 400, $"id: a\njob_id: planned\ntarget: {{all: true}}\n{wrong}\n")).ShouldStartWith("invalid schedule: ");
        await Send("DELETE", "/api/schedules/nightly", 204, null);
        await Send("DELETE", "/api/schedules/nightly", 204, null);
        await Send("DELETE", "/api/jobs/planned", 204, null);
        await Send("DELETE", "/api/jobs/planned", 204, null);
    }

    [Fact]
    public async Task A_schedule_that_follows_starts_fires_once_for_each_start_of_an_agent()
    {
        await using var one = await fleet.Agent();
        var later = fleet.NewName();
        await Send("POST", "/api/jobs", 200, Sweep.Replace("id: sweep", "id: greeted"));
        await Send("POST", "/api/schedules", 200,
            $"id: greeted\njob_id: greeted\nwhen: {{on: [startup]}}\nruns_on: agent\ntarget: {{pcs: [{one.Name}, {later}]}}\n"
            + "on_failure: {retry: {max: 1, backoff: 1h}}\n");
        (await Get("/api/schedules/greeted/preview")).ShouldContain("fires on each host whose agent starts");

        await using var two = await fleet.Agent(later); // it starts after the schedule was posted, and the first one before
        var run = await ManifestFleet.Begin(two);
        await ManifestFleet.End(two, run, 1);
        await Eventually.True(
            async () => await fleet.House.Ask<bool>($"select state = 'Queued' and not ready from work_state where id = '{run.WorkId}'"),
            "it pauses before its next attempt");
        (await fleet.House.Ask<bool>(
            $"""
            select deliver_at > now() + interval '30 minutes' from outbox
            where token = (select retry_token from work_state where id = '{run.WorkId}')
            """)).ShouldBeTrue("the pause is the schedule's");
        two.Session = Guid.NewGuid(); // its process starts again
        await two.Register();
        await two.Connect();
        await two.Beat();
        (await two.NextRun()).WorkId.ShouldNotBe(run.WorkId);
        one.Runs.ShouldBeEmpty();
        await Send("DELETE", "/api/schedules/greeted", 204, null);
        (await fleet.House.Ask<long>("select count(*) from manifest_schedule_starts where schedule = 'greeted'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_schedule_for_each_host_runs_until_each_has_a_success()
    {
        await using var one = await fleet.Agent(pool: "each");
        await using var two = await fleet.Agent(pool: "each");
        await Send("POST", "/api/jobs", 200, Sweep.Replace("id: sweep", "id: each"));
        await Send("POST", "/api/schedules", 200, $"id: each\njob_id: each\nwhen: {{per_pc: once}}\ntarget: {{pcs: [{one.Name}, {two.Name}]}}\n");
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await ManifestFleet.End(two, await ManifestFleet.Begin(two), 1);
        await ManifestFleet.End(two, await ManifestFleet.Begin(two)); // a failure is tried again
        await Eventually.True(async () => (await Get("/api/schedules/each/coverage")).Contains("\"total\":2,\"ok\":2"), "all have succeeded");
        (await Get("/api/schedules/coverage")).ShouldContain("\"each\":{\"total\":2,\"ok\":2,\"fail\":0,\"running\":0,\"pending\":0}");
        (one.Runs.Count, two.Runs.Count).ShouldBe((0, 0));
    }

    private async Task<string> Send(string method, string path, int status, string? body, string type = "application/yaml")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await LoginTests.Text(fleet.Http.SendAsync(request), status);
    }

    private Task<string> Get(string path, int status = 200) => LoginTests.Text(fleet.Http.GetAsync(path), status);
}
