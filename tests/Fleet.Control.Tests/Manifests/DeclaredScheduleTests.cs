using System.Net;
using System.Text.Json;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>Schedules of manifests are among all schedules, and their due times in the same ledger.</summary>
public sealed class DeclaredScheduleTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task A_schedule_of_a_manifest_is_listed_shown_and_has_occurrences_with_their_ends()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "once-each"));
        var posted = await Declare("once-each", "{per_pc: once}", $"{{pcs: [{one.Name}]}}");
        var self = $"/v1/schedules/{posted.GetProperty("schedule_id").GetString()}";

        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Eventually.True(async () => await Text($"{self}/occurrences", "started", "state") == "succeeded", "its end is known");
        var occurrences = await Occurrences(self);
        occurrences.ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("started");
        (await fleet.Get($"/v1/executions/{occurrences[0].GetProperty("started").GetProperty("id").GetString()}"))
            .GetProperty("schedule").GetString().ShouldBe("once-each");

        var shown = await fleet.Get(self);
        (shown.GetProperty("name").GetString(), shown.GetProperty("when").GetProperty("rule").GetString(), Overlap(shown))
            .ShouldBe(("once-each", "per_pc once", "skip"));
        shown.GetProperty("start").GetProperty("execution").GetProperty("manifest").GetString().ShouldBe("once-each");
        (shown.GetProperty("success_rate").GetDouble(), shown.GetProperty("failures").GetInt32()).ShouldBe((1.0, 0));
        shown.GetProperty("last").GetProperty("outcome").GetString().ShouldBe("started");
        (await Named("once-each")).ShouldHaveSingleItem().GetProperty("schedule_id").GetString()
            .ShouldBe(posted.GetProperty("schedule_id").GetString());
    }

    [Fact]
    public async Task All_schedules_are_one_list_newest_first_page_by_page()
    {
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "paged"));
        for (var i = 0; i < 3; i++)
        {
            await Declare("paged", "{on: [lock, unlock]}", "{all: true}", $"paged-{i}", "runs_on: agent");
            await fleet.Send(
                HttpMethod.Post, "/v1/schedules",
                $$$"""{"name": "native-{{{i}}}", "when": {"manual": true}, "start": {"execution": {"manifest": "paged", "target": {"all": true} } } }""",
                201, "application/json");
        }

        var names = new List<string>();
        for (var next = "/v1/schedules?limit=2"; next is not null;)
        {
            var page = await fleet.Get(next);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("name").GetString()!));
            next = page.GetProperty("next").GetString() is { } cursor ? $"/v1/schedules?limit=2&cursor={cursor}" : null;
        }

        names.Where(name => name.StartsWith("paged-", StringComparison.Ordinal) || name.StartsWith("native-", StringComparison.Ordinal))
            .ShouldBe(["native-2", "paged-2", "native-1", "paged-1", "native-0", "paged-0"]);
        (await Named("paged-1"))[0].GetProperty("words").GetString()!.ShouldStartWith("Never: ");
    }

    [Fact]
    public async Task Due_times_of_a_calendar_that_nobody_could_start_are_recorded_and_the_latest_is_made_up_for()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "daily"));
        var now = await fleet.House.Ask<DateTime>("select now() - interval '60 s'");
        var self = $"/v1/schedules/{(await Declare("daily", $"{{calendar: {{at: \"{now:HH\\:mm}\"}}}}", $"{{pcs: [{one.Name}]}}", more: "tz: utc"))
            .GetProperty("schedule_id").GetString()}";
        var due = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
        await fleet.House.Do($"update manifest_schedules set look_at = '{due.AddDays(-2):O}', looks = looks + 1 where name = 'daily'");

        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Eventually.True(async () => (await Occurrences(self)).Count == 3, "each due time has its occurrence");
        (await Occurrences(self)).Select(row => (row.GetProperty("due_at").GetDateTimeOffset(), Outcome(row))).ShouldBe(
            [(due, "started"), (due.AddDays(-1), "missed"), (due.AddDays(-2), "missed")]);
        (await fleet.Get(self)).GetProperty("next")[0].GetDateTimeOffset().ShouldBe(due.AddDays(1));
    }

    [Fact]
    public async Task A_look_that_fails_like_the_one_before_is_recorded_once_and_a_freeze_of_a_calendar_is_told()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "user-only").Replace("shell: sh", "shell: sh\n  run_as: user"));
        var self = $"/v1/schedules/{(await Declare("user-only", "{per_pc: once}", $"{{pcs: [{one.Name}]}}")).GetProperty("schedule_id").GetString()}";
        await Eventually.True(async () => await Looks("user-only") >= 4, "it is looked at again and again");
        var failed = (await Occurrences(self)).ShouldHaveSingleItem();
        (Outcome(failed), failed.GetProperty("reason").GetString()).ShouldBe(("failed", "refused"));
        failed.GetProperty("detail").GetString()!.ShouldContain("run_as: user");
        (await fleet.Get(self)).GetProperty("failures").GetInt32().ShouldBe(1);

        await fleet.Post(ManifestFleet.Hello.Replace("hello", "held-back"));
        var frozen = $"/v1/schedules/{(await Declare("held-back", "{calendar: {at: \"09:00\"}}", "{all: true}")).GetProperty("schedule_id").GetString()}";
        await fleet.Send(HttpMethod.Put, "/api/freeze", """{"reason": "holidays", "tz": "utc"}""", 200, "application/json");
        try
        {
            await fleet.House.Do("update manifest_schedules set look_at = now(), looks = looks + 1 where name = 'held-back'");
            await Eventually.True(async () => (await Occurrences(frozen)).Count == 1, "the due time is recorded");
            var skipped = (await Occurrences(frozen))[0];
            (Outcome(skipped), skipped.GetProperty("reason").GetString()).ShouldBe(("skipped", "frozen"));
        }
        finally
        {
            using var thaw = await fleet.Http.DeleteAsync("/api/freeze");
            thaw.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task One_that_fails_again_and_again_is_told_of_once_until_it_has_succeeded()
    {
        await using var one = await fleet.Agent();
        await fleet.House.Do(
            """
            insert into webhook_endpoints (id, tenant, url, event_types, description, enabled, secret, created_at, updated_at)
            values (gen_random_uuid(), 'default', 'http://127.0.0.1:9/', '{"schedule.failing"}', '', true, 'whsec_AAAA', now(), now())
            """);
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "shaky"));
        var posted = await Declare("shaky", "{per_pc: once_per_version}", $"{{pcs: [{one.Name}]}}");
        var self = $"/v1/schedules/{posted.GetProperty("schedule_id").GetString()}";
        for (var failure = 1; failure <= 4; failure++)
        {
            await one.Beat();
            await ManifestFleet.End(one, await ManifestFleet.Begin(one), 1);
            await Eventually.True(async () => await Failures(self) == failure, $"{failure} failures are counted");
            (await ToldFailing()).ShouldBe(failure < 3 ? 0 : 1);
        }

        (await fleet.House.Ask<string>("select data from webhook_deliveries where type = 'schedule.failing'"))
            .ShouldContain("It failed 3 times in a row.");
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Eventually.True(async () => await Failures(self) == 0, "a success is a new beginning");
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "shaky").Replace("1.0.0", "1.0.1"));
        for (var failure = 1; failure <= 3; failure++)
        {
            await one.Beat();
            await ManifestFleet.End(one, await ManifestFleet.Begin(one), 1);
            await Eventually.True(async () => await Failures(self) == failure, $"{failure} failures are counted");
        }

        (await ToldFailing()).ShouldBe(2);
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
    }

    [Fact]
    public async Task It_is_paused_resumed_and_deleted_there_and_changed_by_another_post_alone()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "changing"));
        var document = "id: changing\njob_id: changing\nwhen: {per_pc: once}\ntarget: {pcs: [" + one.Name + "]}\n";
        var posted = await fleet.Send(HttpMethod.Post, "/v1/manifest-schedules", document, 201);
        var self = $"/v1/schedules/{posted.GetProperty("schedule_id").GetString()}";
        (await fleet.Send(HttpMethod.Post, "/v1/manifest-schedules", document, 200)).GetProperty("revision").GetInt32().ShouldBe(1);
        using (var text = await fleet.Http.GetAsync("/v1/manifest-schedules/changing/text"))
            (await text.Content.ReadAsStringAsync()).ShouldBe(document);
        var run = await ManifestFleet.Begin(one);
        await Eventually.True(async () => (await Occurrences(self)).Count == 1, "its start is recorded");

        (await fleet.Tell($"{self}/pause", 200, new { cascade = true })).GetProperty("paused").GetBoolean().ShouldBeTrue();
        (await fleet.Get("/v1/manifest-schedules/changing")).GetProperty("paused").GetBoolean().ShouldBeTrue();
        await Eventually.True(
            async () => (await fleet.Get($"/v1/jobs/{Protocol.Ids.WireId.Format(run.WorkId)}")).GetProperty("state").GetString() == "cancelling",
            "what it started is asked to end");
        await ManifestFleet.End(one, run, 143);
        var resumed = await fleet.Tell($"{self}/resume", 200);
        (resumed.GetProperty("paused").GetBoolean(), resumed.GetProperty("revision").GetInt32()).ShouldBe((false, 3));
        foreach (var action in (string[])["run", "backfill"])
        {
            using var refused = await fleet.Http.PostAsync($"{self}/{action}", new StringContent("{}", null, "application/json"));
            (await refused.Problem(409, "declared_schedule")).GetProperty("detail").GetString()!.ShouldContain("/v1/manifest-schedules");
        }

        using (var gone = await fleet.Http.DeleteAsync($"{self}?cascade=true"))
            gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var none = await fleet.Http.GetAsync(self))
            await none.Problem(404, "not_found");
        using var lost = await fleet.Http.PostAsync(
            "/v1/manifest-schedules", new StringContent(document.Replace("job_id: changing", "job_id: lost"), null, "application/yaml"));
        (await lost.Problem(400, "invalid_field")).Sentence("job_id").ShouldContain("no such manifest");
    }

    private Task<JsonElement> Declare(string manifest, string when, string target, string? name = null, string more = "") => fleet.Send(
        HttpMethod.Post, "/v1/manifest-schedules",
        $"id: {name ?? manifest}\njob_id: {manifest}\nwhen: {when}\ntarget: {target}\n{more}\n", 201);

    private async Task<List<JsonElement>> Occurrences(string schedule) =>
        [.. (await fleet.Get($"{schedule}/occurrences")).GetProperty("items").EnumerateArray()];

    private async Task<List<JsonElement>> Named(string name) =>
        [.. (await fleet.Get($"/v1/schedules?name={name}")).GetProperty("items").EnumerateArray()];

    private async Task<string?> Text(string list, string field, string inner) =>
        (await fleet.Get(list)).GetProperty("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            ? first.GetProperty(field).GetProperty(inner).GetString()
            : null;

    private async Task<int> Failures(string schedule) => (await fleet.Get(schedule)).GetProperty("failures").GetInt32();

    private Task<long> ToldFailing() =>
        fleet.House.Ask<long>("select count(*) from webhook_deliveries where type = 'schedule.failing'");

    private Task<long> Looks(string name) =>
        fleet.House.Ask<long>($"select looks::bigint from manifest_schedules where name = '{name}'");

    private static string? Outcome(JsonElement occurrence) => occurrence.GetProperty("outcome").GetString();

    private static string? Overlap(JsonElement schedule) => schedule.GetProperty("overlap").GetString();
}
