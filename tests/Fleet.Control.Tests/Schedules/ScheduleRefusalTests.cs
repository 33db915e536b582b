using System.Text.Json;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Schedules;

/// <summary>What schedules refuse although it is well formed: times out of reach, zones that are none, odd texts.</summary>
public sealed class ScheduleRefusalTests(ScheduleDoor door) : IClassFixture<ScheduleDoor>
{
    private const string Hourly = """ "when": {"cron": "0 * * * *", "time_zone": "Pacific/Kiritimati"} """;

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
