using System.Text.Json;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Schedules;

/// <summary>What a definition may be changed to.</summary>
public sealed class ScheduleChangeTests(ScheduleDoor door) : IClassFixture<ScheduleDoor>
{
    [Theory]
    [InlineData("""{"colour": null}""", "colour")]
    [InlineData("""{"Name": null}""", "Name")]
    [InlineData("""{"when": {"cron": "0 * * * *", "colour": null} }""", "when.colour")]
    public async Task A_field_that_is_unknown_is_refused_also_where_it_is_null(string change, string field)
    {
        var path = await door.Schedule();
        using var answer = await door.Send(HttpMethod.Patch, path, change, null, ("If-Match", "\"1\""));
        var problem = await answer.Problem(400, "invalid_field");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task A_field_that_is_null_has_its_default_again()
    {
        var path = await door.Schedule(""", "overlap": "skip", "window": "09:00-10:00" """);
        var changed = await Change(path, 1, """{"overlap": null, "window": null}""");
        changed.GetProperty("overlap").GetString().ShouldBe("allow");
        changed.GetProperty("window").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_schedule_whose_time_is_over_is_renamed_and_cannot_be_set_to_another_that_is_over()
    {
        var at = door.Clock.GetUtcNow().AddSeconds(1);
        var body = $$$"""{"name": "once", "when": {"at": "{{{at:yyyy-MM-ddTHH:mm:ssZ}}}"}, "start": {"job": {"kind": "noop"} } }""";
        var path = (await door.Ask(HttpMethod.Post, "/v1/schedules", 201, body)).GetProperty("links").GetProperty("self").GetString()!;
        door.Clock.Advance(TimeSpan.FromSeconds(2));
        await door.Control.SayDue();
        (await door.Ask(HttpMethod.Get, path, 200)).GetProperty("next").GetArrayLength().ShouldBe(0);

        var renamed = await Change(path, 1, """{"name": "once upon a time"}""");
        renamed.GetProperty("name").GetString().ShouldBe("once upon a time");
        renamed.GetProperty("next").GetArrayLength().ShouldBe(0);
        renamed.GetProperty("last").GetProperty("outcome").GetString().ShouldBe("started");

        var another = $$$"""{"when": {"at": "{{{at.AddMinutes(-1):yyyy-MM-ddTHH:mm:ssZ}}}"} }""";
        using var refused = await door.Send(HttpMethod.Patch, path, another, null, ("If-Match", "\"2\""));
        (await refused.Problem(400, "invalid_field")).Sentence("when.at").ShouldContain("over");
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("run")]
    public async Task What_takes_nothing_refuses_a_body_that_says_something(string action)
    {
        var path = $"{await door.Schedule()}/{action}";
        using var field = await door.Send(HttpMethod.Post, path, """{"cascade": true}""");
        (await field.Problem(400, "invalid_field")).Sentence("cascade").ShouldBe("There is no such field here.");
        using var rubbish = await door.Send(HttpMethod.Post, path, "rubbish");
        await rubbish.Problem(400, "invalid_body");
        using var empty = await door.Send(HttpMethod.Post, path, "{}");
        empty.IsSuccessStatusCode.ShouldBeTrue();
    }

    private async Task<JsonElement> Change(string path, int revision, string change)
    {
        using var answer = await door.Send(HttpMethod.Patch, path, change, null, ("If-Match", $"\"{revision}\""));
        return await answer.Json(200);
    }
}
