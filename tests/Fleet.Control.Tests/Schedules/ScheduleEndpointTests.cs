using System.Text.Json;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Schedules;

/// <summary>Schedules over HTTP, as clients script against them.</summary>
public sealed class ScheduleEndpointTests(ScheduleDoor door) : IClassFixture<ScheduleDoor>
{
    private const string Noop = """ "start": {"job": {"kind": "noop"}} """;

    [Fact]
    public async Task A_schedule_is_created_and_shown_with_its_defaults_and_its_next_times()
    {
        var body = $$"""{"name": "nightly", "when": {"cron": "30 2 * * *", "time_zone": "Europe/Berlin"}, {{Noop}}, "jitter_s": 60}""";
        using var answer = await door.Send(HttpMethod.Post, "/v1/schedules", body);
        var made = await answer.Json(201);
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
        answer.Headers.Location!.ToString().ShouldBe(made.GetProperty("links").GetProperty("self").GetString());
        made.GetProperty("when").EnumerateObject().Select(field => field.Name).ShouldBe(["cron", "time_zone"], ignoreOrder: true);
        (Text(made, "overlap"), Text(made, "missed")).ShouldBe(("allow", "once"));
        made.GetProperty("next")[0].GetDateTimeOffset().ShouldBe(new DateTimeOffset(2030, 2, 1, 1, 30, 0, TimeSpan.Zero));
        made.GetProperty("last").ValueKind.ShouldBe(JsonValueKind.Null);
        Text(made, "words").ShouldBe("Every day at 02:30, Europe/Berlin time.");
        var shown = await door.Ask(HttpMethod.Get, answer.Headers.Location.ToString(), 200);
        Text(shown, "schedule_id").ShouldBe(Text(made, "schedule_id"));
        shown.GetProperty("start").GetProperty("job").GetProperty("kind").GetString().ShouldBe("noop");
    }

    [Theory]
    [InlineData("""{"cron": "61 * * * *"}""", "when.cron")]
    [InlineData("""{"cron": "* * * *"}""", "when.cron")]
    [InlineData("""{"cron": "0 0 30 2 *"}""", "when.cron")]
    [InlineData("""{"cron": "0 0 0 1 1 ? 2001"}""", "when.cron")]
    [InlineData("""{"cron": "0 0 * * mon#6"}""", "when.cron")]
    [InlineData("""{"cron": "0 0 * * *", "time_zone": "Mars/Olympus"}""", "when.time_zone")]
    [InlineData("""{"cron": "0 0 * * *", "time_zone": "../../etc/passwd"}""", "when.time_zone")]
    [InlineData("""{"every_s": 0}""", "when.every_s")]
    [InlineData("""{"every_s": 0.5}""", "when.every_s")]
    [InlineData("""{"every_s": -60}""", "when.every_s")]
    [InlineData("""{"at": "2020-01-01T00:00:00Z"}""", "when.at")]
    [InlineData("""{"at": "2031-02-30T00:00:00Z"}""", "when.at")]
    [InlineData("""{"calendar": {"at": "25:00"}}""", "when.calendar.at")]
    [InlineData("""{"calendar": {"at": "2031-02-30 09:00"}}""", "when.calendar.at")]
    [InlineData("""{"calendar": {"at": "09:00", "days": ["mon", "someday"]}}""", "when.calendar.days[1]")]
    [InlineData("""{"calendar": {"at": "09:00", "days": ["tue#6"]}}""", "when.calendar.days[0]")]
    [InlineData("""{"cron": "* * * * *", "every_s": 60}""", "when")]
    [InlineData("{}", "when")]
    [InlineData("""{"cron": "* * * * *", "weekly": 1}""", "when.weekly")]
    public async Task Due_times_that_cannot_be_are_refused_with_their_field(string when, string field)
    {
        using var answer = await door.Send(HttpMethod.Post, "/v1/schedules", $$"""{"name": "x", "when": {{when}}, {{Noop}}}""");
        var problem = await answer.Problem(400, "invalid_field");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        problem.Sentence(field).ShouldEndWith(".");
    }

    [Theory]
    [InlineData(""" "name": "" """, "name")]
    [InlineData(""" "window": "22:00-22:00" """, "window")]
    [InlineData(""" "window": "at night" """, "window")]
    [InlineData(""" "window": "22:00-23:00" """, "when.cron")] // it is due at noon alone
    [InlineData(""" "skip_dates": ["2026-02-30"] """, "skip_dates[0]")]
    [InlineData(""" "skip_calendars": ["nobody"] """, "skip_calendars[0]")]
    [InlineData(""" "active": {"from": "2031-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"} """, "active.until")]
    [InlineData(""" "active": {"until": "2020-01-01T00:00:00Z"} """, "when.cron")]
    [InlineData(""" "jitter_s": -1 """, "jitter_s")]
    [InlineData(""" "jitter_s": 86400 """, "jitter_s")] // as long as from one due time to the next
    [InlineData(""" "starting_deadline_s": 0 """, "starting_deadline_s")]
    [InlineData(""" "overlap": "sometimes" """, "overlap")]
    [InlineData(""" "missed": "twice" """, "missed")]
    [InlineData(""" "retry": {"max": 100} """, "retry.max")]
    [InlineData(""" "start": {"job": {"kind": "noop", "priority": 12}} """, "start.job.priority")]
    [InlineData(""" "start": {"job": {"kind": "command"}} """, "start.job.command")]
    [InlineData(""" "start": {"job": {"kind": 5}} """, "start.job.kind")]
    [InlineData(""" "start": {"rocket": {}} """, "start.rocket")]
    [InlineData(""" "start": {} """, "start")]
    [InlineData(""" "colour": "red" """, "colour")]
    public async Task What_is_wrong_is_refused_with_its_field(string wrong, string field)
    {
        var fields = new Dictionary<string, string>
        {
            ["name"] = "\"x\"",
            ["when"] = """{"cron": "0 12 * * *"}""",
            ["start"] = """{"job": {"kind": "noop"}}""",
        };
        using var parsed = JsonDocument.Parse($"{{{wrong}}}");
        foreach (var one in parsed.RootElement.EnumerateObject())
            fields[one.Name] = one.Value.GetRawText();
        var body = $"{{{string.Join(", ", fields.Select(one => $"\"{one.Key}\": {one.Value}"))}}}";
        using var answer = await door.Send(HttpMethod.Post, "/v1/schedules", body);
        var problem = await answer.Problem(400, "invalid_field");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldContain(field);
    }

    [Fact]
    public async Task An_expression_of_ten_thousand_characters_is_refused()
    {
        var cron = string.Join(',', Enumerable.Repeat("1", 5000)) + " * * * *";
        using var answer = await door.Send(HttpMethod.Post, "/v1/schedules/preview", $$$"""{"when": {"cron": "{{{cron}}}"}}""");
        (await answer.Problem(400, "invalid_field")).Sentence("when.cron").ShouldContain("200 characters");
    }

    [Fact]
    public async Task A_change_needs_the_tag_of_what_it_changes()
    {
        var path = await door.Schedule();
        const string change = """{"name": "renamed", "overlap": "skip"}""";
        using var without = await door.Send(HttpMethod.Patch, path, change);
        await without.Problem(428, "if_match_required");
        using var wrong = await door.Send(HttpMethod.Patch, path, change, null, ("If-Match", "\"7\""));
        await wrong.Problem(412, "changed_meanwhile");
        using var right = await door.Send(HttpMethod.Patch, path, change, null, ("If-Match", "\"1\""));
        var changed = await right.Json(200);
        right.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (Text(changed, "name"), Text(changed, "overlap")).ShouldBe(("renamed", "skip"));
        changed.GetProperty("when").GetProperty("cron").GetString().ShouldBe("0 * * * *");
        using var replaced = await door.Send(
            HttpMethod.Put, path, $$"""{"name": "anew", "when": {"every_s": 3600}, {{Noop}}}""", null, ("If-Match", "\"2\""));
        (Text(await replaced.Json(200), "overlap")).ShouldBe("allow");
        using var deleted = await door.Send(HttpMethod.Delete, path);
        ((int)deleted.StatusCode).ShouldBe(204);
        using var gone = await door.Send(HttpMethod.Get, path);
        await gone.Problem(404, "not_found");
    }

    [Fact]
    public async Task The_same_key_makes_the_same_schedule()
    {
        var body = $$"""{"name": "once", "when": {"every_s": 60}, {{Noop}}}""";
        using var first = await door.Send(HttpMethod.Post, "/v1/schedules", body, null, ("Idempotency-Key", "a"));
        using var again = await door.Send(HttpMethod.Post, "/v1/schedules", body, null, ("Idempotency-Key", "a"));
        Text(await again.Json(201), "schedule_id").ShouldBe(Text(await first.Json(201), "schedule_id"));
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task The_same_request_again_has_the_same_answer_although_it_would_be_refused_by_now()
    {
        var at = door.Clock.GetUtcNow().AddSeconds(4);
        var body = $$"""{"name": "once", "when": {"at": "{{at:yyyy-MM-ddTHH:mm:ssZ}}"}, {{Noop}}}""";
        using var first = await door.Send(HttpMethod.Post, "/v1/schedules", body, null, ("Idempotency-Key", "over"));
        var path = first.Headers.Location!.ToString();
        (string, string)[] change = [("If-Match", "\"1\""), ("Idempotency-Key", "changed")];
        using var changed = await door.Send(HttpMethod.Patch, path, """{"name": "twice"}""", null, change);
        await changed.Json(200);
        door.Clock.Set(at.AddSeconds(3));
        using var again = await door.Send(HttpMethod.Post, "/v1/schedules", body, null, ("Idempotency-Key", "over"));
        Text(await again.Json(201), "schedule_id").ShouldBe(Text(await first.Json(201), "schedule_id"));
        using var changedAgain = await door.Send(HttpMethod.Patch, path, """{"name": "twice"}""", null, change);
        await changedAgain.Json(200);
        changedAgain.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task A_schedule_that_is_paused_by_a_change_lets_go_what_waits()
    {
        var path = await door.Schedule();
        var id = Text(await door.Ask(HttpMethod.Get, path, 200), "schedule_id")!;
        Protocol.Ids.WireId.TryParse(id, out var schedule).ShouldBeTrue();
        var pending = door.Clock.GetUtcNow().AddHours(-1);
        await door.House.Do($"update schedules set pending_due = '{pending:O}' where id = '{schedule}'");
        using var paused = await door.Send(HttpMethod.Patch, path, """{"paused": true}""", null, ("If-Match", "*"));
        (await paused.Json(200)).GetProperty("pending").ValueKind.ShouldBe(JsonValueKind.Null);
        (await door.House.Outcomes(schedule)).ShouldBe(["skipped:paused"]);
    }

    [Fact]
    public async Task A_schedule_is_run_by_hand_paused_and_resumed()
    {
        var path = await door.Schedule();
        var run = await door.Ask(HttpMethod.Post, $"{path}/run", 202);
        (Text(run, "outcome"), Text(run, "reason")).ShouldBe(("started", "manual"));
        Text(run.GetProperty("started"), "kind").ShouldBe("job");
        var paused = await door.Ask(HttpMethod.Post, $"{path}/pause", 200, """{"cascade": true}""");
        paused.GetProperty("paused").GetBoolean().ShouldBeTrue();
        paused.GetProperty("next").GetArrayLength().ShouldBe(0);
        Text(paused.GetProperty("last").GetProperty("started"), "state").ShouldBe("cancelled");
        var resumed = await door.Ask(HttpMethod.Post, $"{path}/resume", 200);
        resumed.GetProperty("paused").GetBoolean().ShouldBeFalse();
        resumed.GetProperty("next").GetArrayLength().ShouldBe(5);
        resumed.GetProperty("success_rate").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Occurrences_are_listed_newest_first_by_outcome_and_time_in_pages()
    {
        var path = await door.Schedule();
        for (var run = 0; run < 3; run++)
        {
            await door.Ask(HttpMethod.Post, $"{path}/run", 202);
            door.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var page = await door.Ask(HttpMethod.Get, $"{path}/occurrences?outcome=started&limit=2", 200);
        var times = page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("due_at").GetDateTimeOffset()).ToList();
        times.ShouldBe(times.OrderDescending());
        var rest = await door.Ask(HttpMethod.Get, $"{path}/occurrences?limit=2&cursor={Text(page, "next")}", 200);
        rest.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await door.Ask(HttpMethod.Get, $"{path}/occurrences?outcome=missed", 200)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await door.Ask(HttpMethod.Get, $"{path}/occurrences?since={times[0]:yyyy-MM-ddTHH:mm:ssZ}", 200))
            .GetProperty("items").GetArrayLength().ShouldBe(1);
        using var wrong = await door.Send(HttpMethod.Get, $"{path}/occurrences?outcome=maybe");
        (await wrong.Problem(400, "invalid_field")).Sentence("outcome").ShouldContain("started");
    }

    [Fact]
    public async Task A_preview_shows_times_words_and_notes_and_stores_nothing()
    {
        var before = await door.House.Ask<long>("select count(*) from schedules");
        const string body = """
            {"when": {"cron": "30 2 * * *", "time_zone": "Europe/Berlin"}, "count": 2, "from": "2026-10-24T12:00:00Z"}
            """;
        var preview = await door.Ask(HttpMethod.Post, "/v1/schedules/preview", 200, body);
        preview.GetProperty("times").EnumerateArray().Select(time => time.GetString())
            .ShouldBe(["2026-10-25T00:30:00.000000Z", "2026-10-26T01:30:00.000000Z"]);
        Text(preview, "words").ShouldBe("Every day at 02:30, Europe/Berlin time.");
        preview.GetProperty("notes").GetArrayLength().ShouldBe(2);
        (await door.House.Ask<long>("select count(*) from schedules")).ShouldBe(before);
    }

    [Fact]
    public async Task A_backfill_says_what_it_would_do_and_then_does_it()
    {
        var path = await door.Schedule();
        const string range = """ "from": "2030-01-31T00:00:00Z", "until": "2030-01-31T12:00:00Z", "concurrency": 3 """;
        var forecast = await door.Ask(HttpMethod.Post, $"{path}/backfill", 200, $$"""{{{range}}, "dry_run": true}""");
        (forecast.GetProperty("count").GetInt32(), forecast.GetProperty("times").GetArrayLength()).ShouldBe((12, 12));
        var begun = await door.Ask(HttpMethod.Post, $"{path}/backfill", 202, $$"""{{{range}}}""");
        (Text(begun, "state"), begun.GetProperty("total").GetInt32()).ShouldBe(("running", 12));
        using var future = await door.Send(
            HttpMethod.Post, $"{path}/backfill", """{"from": "2030-01-31T00:00:00Z", "until": "2040-01-31T12:00:00Z"}""");
        await future.Problem(400, "invalid_field");
    }

    [Fact]
    public async Task A_named_calendar_skips_days_and_a_changed_one_does_at_once()
    {
        await door.Ask(HttpMethod.Put, "/v1/schedule-calendars/holidays", 200, """{"days": ["2030-02-01"]}""");
        var path = await door.Schedule(""", "skip_calendars": ["holidays"], "window": "09:00-10:00" """);
        (await Next(path)).ShouldBe(new DateTimeOffset(2030, 2, 2, 9, 0, 0, TimeSpan.Zero));
        await door.Ask(HttpMethod.Put, "/v1/schedule-calendars/holidays", 200, """{"days": ["2030-02-02"]}""");
        (await Next(path)).ShouldBe(new DateTimeOffset(2030, 2, 1, 9, 0, 0, TimeSpan.Zero));
        using var used = await door.Send(HttpMethod.Delete, "/v1/schedule-calendars/holidays");
        await used.Problem(409, "calendar_in_use");
    }

    [Fact]
    public async Task Keys_need_their_scopes_and_see_their_own_tenant_alone()
    {
        var path = await door.Schedule();
        using var reader = await door.With("schedules:read");
        using var maker = await door.With("schedules:create");
        using var both = await door.With("schedules:create", "jobs:create");
        using var stranger = await door.With("elsewhere", ["schedules:read", "schedules:update"]);
        await door.Ask(HttpMethod.Get, path, 200, null, reader);
        var body = $$"""{"name": "x", "when": {"every_s": 60}, {{Noop}}}""";
        await door.Ask(HttpMethod.Post, "/v1/schedules", 403, body, reader);
        var refused = await door.Ask(HttpMethod.Post, "/v1/schedules", 403, body, maker);
        Text(refused, "detail").ShouldContain("jobs:create");
        await door.Ask(HttpMethod.Post, "/v1/schedules", 201, body, both);
        await door.Ask(HttpMethod.Get, path, 404, null, stranger);
        await door.Ask(HttpMethod.Post, $"{path}/run", 404, null, stranger);
        (await door.Ask(HttpMethod.Get, "/v1/schedules", 200, null, stranger)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static string Text(JsonElement element, string field) => element.GetProperty(field).GetString()!;

    private async Task<DateTimeOffset> Next(string path) =>
        (await door.Ask(HttpMethod.Get, path, 200)).GetProperty("next")[0].GetDateTimeOffset();
}
