using System.Text.Json;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Schedules;

/// <summary>What schedules refuse although it is well formed: times out of reach, zones that are none, odd texts.</summary>
public sealed class ScheduleRefusalTests(ScheduleDoor door) : IClassFixture<ScheduleDoor>
{
    private const string Sentence = "This must be a time between 1900 and 2200.";

    private const string Hourly = """ "when": {"cron": "0 * * * *", "time_zone": "Pacific/Kiritimati"} """;

    [Theory]
    [InlineData(""" "when": {"at": "0001-01-01T00:00:00Z"} """, "when.at")]
    [InlineData(""" "when": {"at": "9999-12-31T23:59:59Z"}, "jitter_s": 60 """, "when.at")]
    [InlineData(""" "when": {"calendar": {"at": "0001-01-01 00:00"}, "time_zone": "Pacific/Kiritimati"} """, "when.calendar.at")]
    [InlineData(""" "when": {"calendar": {"at": "9999-12-31 23:59"}, "time_zone": "Pacific/Honolulu"} """, "when.calendar.at")]
    [InlineData(""" "when": {"every_s": 60, "from": "0001-01-01T00:00:00Z"} """, "when.from")]
    [InlineData(""" "when": {"every_s": 60, "from": "9999-12-31T23:00:00Z"}, "skip_dates": ["2031-01-01"] """, "when.from")]
    [InlineData(Hourly + """, "active": {"from": "0001-01-01T00:00:00Z"} """, "active.from")]
    [InlineData(Hourly + """, "active": {"from": "9999-12-31T23:00:00Z"} """, "active.from")]
    [InlineData(Hourly + """, "active": {"until": "9999-12-31T23:00:00Z"} """, "active.until")]
    [InlineData(Hourly + """, "skip_dates": ["2030-02-01", "9999-12-31"] """, "skip_dates[1]")]
    public async Task A_schedule_has_times_between_1900_and_2200(string fields, string field) =>
        (await Refused(HttpMethod.Post, "/v1/schedules", Whole(fields), field)).ShouldBe(Sentence);

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1899-12-31T23:59:59Z")]
    [InlineData("2200-01-01T00:00:01Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task A_preview_and_a_backfill_have_them_too(string time)
    {
        var preview = $$"""{ {{Hourly}}, "from": "{{time}}"}""";
        (await Refused(HttpMethod.Post, "/v1/schedules/preview", preview, "from")).ShouldBe(Sentence);
        var path = $"{await door.Schedule()}/backfill";
        var from = $$"""{"from": "{{time}}", "until": "2030-01-31T12:00:00Z"}""";
        using var begun = await door.Send(HttpMethod.Post, path, from);
        (await begun.Problem(400, "invalid_field")).Sentence("from").ShouldBe(Sentence);
        var until = $$"""{"from": "2030-01-31T00:00:00Z", "until": "{{time}}"}""";
        (await Refused(HttpMethod.Post, path, until, "until")).ShouldBe(Sentence);
        (await Refused(HttpMethod.Put, "/v1/schedule-calendars/odd", $$"""{"days": ["{{time[..4]}}-12-31"]}""", "days[0]"))
            .ShouldBe(Sentence);
    }

    [Theory]
    [InlineData("1900-01-01T00:00:00Z", """{"cron": "30 2 * * *", "time_zone": "America/New_York"}""", 3)]
    [InlineData("1900-01-01T00:00:00Z", """{"every_s": 315360000, "time_zone": "Pacific/Kiritimati"}""", 3)]
    [InlineData("2199-12-31T00:00:00Z", """{"every_s": 43200, "time_zone": "Pacific/Kiritimati"}""", 3)]
    [InlineData("2200-01-01T00:00:00Z", """{"every_s": 43200, "time_zone": "Pacific/Honolulu"}""", 1)]
    public async Task The_first_and_the_last_of_these_times_can_be_reckoned_with(string from, string when, int times)
    {
        var body = $$"""{"when": {{when}}, "from": "{{from}}", "count": 3}""";
        var preview = await door.Ask(HttpMethod.Post, "/v1/schedules/preview", 200, body);
        preview.GetProperty("times").GetArrayLength().ShouldBe(times);
    }

    [Fact]
    public async Task An_interval_that_never_meets_its_window_is_refused_however_far_it_goes()
    {
        const string never = """ "when": {"every_s": 315360000, "from": "2199-12-31T12:00:00Z"}, "window": "22:00-23:00" """;
        (await Refused(HttpMethod.Post, "/v1/schedules", Whole(never), "when")).ShouldContain("never fire");
    }

    [Theory]
    [InlineData("posixrules")]
    [InlineData("localtime")]
    [InlineData("Factory")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("posix/UTC")]
    public async Task A_file_of_the_zone_database_that_is_no_zone_is_refused(string zone) => (await Refused(
        HttpMethod.Post, "/v1/schedules/preview", $$"""{"when": {"cron": "0 0 * * *", "time_zone": "{{zone}}"} }""", "when.time_zone"))
        .ShouldStartWith("There is no such time zone");

    [Theory]
    [InlineData("""{"name": "a", "name": "b"}""", "name", "This field is here twice.")]
    [InlineData("""{"when": {"cron": "0 * * * *", "cron": "1 * * * *"} }""", "when.cron", "This field is here twice.")]
    [InlineData("""{"start": {"job": {"kind": "noop", "kind": "noop"} } }""", "start.job.kind", "This field is here twice.")]
    [InlineData("""{"paused": null, "paused": true}""", "paused", "This field is here twice.")]
    [InlineData("""{"name": "\ud800"}""", "name", "This is no Unicode: it holds half of a surrogate pair.")]
    [InlineData("""{"when": {"cron": "\ud800"} }""", "when.cron", "This is no Unicode: it holds half of a surrogate pair.")]
    public async Task A_change_names_the_field_that_is_odd(string json, string field, string sentence)
    {
        var path = await door.Schedule();
        using var answer = await door.Send(HttpMethod.Patch, path, json, null, ("If-Match", "\"1\""));
        SentenceOf(await answer.Problem(400, "invalid_field"), field).ShouldBe(sentence);
    }

    [Theory]
    [InlineData("""{"kind": "noop", "name": "{{scheduled_at}}\ud800"}""", "start.job.name")]
    [InlineData("""{"kind": "noop", "name": "\ud800"}""", "start.job.name")]
    [InlineData("""{"kind": "noop", "labels": {"{{scheduled_at}}": "\uDFFF"} }""", "start.job.labels.{{scheduled_at}}")]
    [InlineData("""{"kind": "noop", "kind": "{{scheduled_at}}"}""", "start.job.kind")]
    public async Task What_it_starts_has_usable_texts(string job, string field) => await Refused(
        HttpMethod.Post, "/v1/schedules", $$"""{"name": "x", {{Hourly}}, "start": {"job": {{job}} } }""", field);

    [Fact]
    public async Task Days_that_are_null_are_said_to_be() => (await Refused(
        HttpMethod.Put, "/v1/schedule-calendars/odd", """{"days": null}""", "days")).ShouldBe("This must not be null.");

    private static string Whole(string fields) => $$"""{"name": "x", {{fields}}, "start": {"job": {"kind": "noop"} } }""";

    /// <summary>What is said of the one field that is wrong.</summary>
    private async Task<string> Refused(HttpMethod method, string path, string body, string field)
    {
        using var answer = await door.Send(method, path, body);
        return SentenceOf(await answer.Problem(400, "invalid_field"), field);
    }

    private static string SentenceOf(JsonElement problem, string field)
    {
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        return problem.Sentence(field);
    }
}
