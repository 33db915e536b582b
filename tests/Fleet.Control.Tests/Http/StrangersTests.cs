using System.Net;
using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

/// <summary>Requests as programs send them that were written for other systems.</summary>
public sealed class StrangersTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Theory]
    [InlineData("2026-01-31", null)]
    [InlineData("2026-01-31T12:00Z", null)]
    [InlineData("2026-01-31T12:00:00.5Z", null)]
    [InlineData("2026-01-31T12:00:00%2B02:00", null)]
    [InlineData("1/2/2026", "Write a time")]
    [InlineData("12:00", "Write a time")]
    [InlineData("2026-11", "Write a time")]
    [InlineData("Fri, 30 Jan 2026 12:00:00 GMT", "Write a time")]
    [InlineData("2026-01-31T12:00:00+02:00", "%2B")]
    public async Task A_time_is_read_the_same_way_everywhere(string text, string? refusal)
    {
        foreach (var path in (string[])["/v1/jobs?since=", "/v1/jobs?until=", "/v1/audit?since="])
        {
            using var answer = await fleet.Http.GetAsync(path + text);
            if (refusal is null)
                await answer.Json(200);
            else
                (await answer.Problem(400, "invalid_field")).Sentence(path.Contains("since") ? "since" : "until").ShouldContain(refusal);
        }

        using var filtered = await fleet.Http.GetAsync("/v1/jobs?filter=created>" + text);
        ((int)filtered.StatusCode).ShouldBe(refusal is null ? 200 : 400);
        if (refusal == "%2B")
            (await filtered.Content.ReadAsStringAsync()).ShouldContain("%2B");
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await fleet.Submit(new { kind = "noop" });
        await fleet.Submit(new { kind = "noop" });
        var next = (await fleet.Get("/v1/jobs?limit=1")).GetProperty("next").GetString();
        await fleet.Get($"/v1/jobs?limit=1&cursor={next}");
        foreach (var other in (string[])["/v1/audit", "/v1/bulk", "/v1/api-keys"])
        {
            using var answer = await fleet.Http.GetAsync($"{other}?cursor={next}");
            (await answer.Problem(400, "invalid_field")).Sentence("cursor").ShouldContain("not a cursor of this list");
        }
    }

    [Fact]
    public async Task A_filter_that_is_too_long_for_a_URL_goes_into_a_body()
    {
        var name = new string('漢', 60);
        var job = await fleet.Submit(new { kind = "noop", name });
        var filter = string.Join(" OR ", Enumerable.Range(0, 90).Select(i => $"name:{name}{(i == 0 ? "" : i)}"));
        using var found = await fleet.Http.PostAsJsonAsync("/v1/jobs/search", new { filter, limit = 5 });
        (await found.Json(200)).GetProperty("items")[0].GetProperty("job_id").GetString().ShouldBe(job);
        using var wrong = await fleet.Http.PostAsJsonAsync("/v1/jobs/search", new { filter = "nonsense", cursor = (string?)null });
        (await wrong.Problem(400, "invalid_field")).Sentence("filter").ShouldContain("At character 1");
        using var all = await fleet.Http.PostAsJsonAsync("/v1/jobs/search", new { limit = 1 });
        var next = (await all.Json(200)).GetProperty("next").GetString();
        if (next is not null)
        {
            using var more = await fleet.Http.PostAsJsonAsync("/v1/jobs/search", new { limit = 1, cursor = next });
            await more.Json(200);
        }
    }

    [Fact]
    public async Task Seven_thousand_characters_of_filter_fit_into_a_URL()
    {
        var filter = string.Join(" OR ", Enumerable.Range(0, 90).Select(i => $"name:{new string('n', 60)}{i}"));
        filter.Length.ShouldBeGreaterThan(6000);
        using var answer = await fleet.Http.GetAsync("/v1/jobs?filter=" + Uri.EscapeDataString(filter));
        await answer.Json(200);
    }

    [Fact]
    public async Task A_slash_at_the_end_is_no_other_request()
    {
        var first = await Post("/v1/jobs", "with and without");
        var second = await Post("/v1/jobs/", "with and without");
        (await second.Json(202)).GetProperty("job_id").GetString().ShouldBe((await first.Json(202)).GetProperty("job_id").GetString());
    }

    [Fact]
    public async Task What_was_deleted_is_not_answered_as_accepted()
    {
        var job = (await (await Post("/v1/jobs", "deleted")).Json(202)).GetProperty("job_id").GetString();
        (await fleet.Http.PostAsync($"/v1/jobs/{job}/cancellation", null)).IsSuccessStatusCode.ShouldBeTrue();
        using var gone = await fleet.Http.DeleteAsync($"/v1/jobs/{job}");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await Post("/v1/jobs", "deleted")).Problem(410, "work_deleted");
    }

    [Fact]
    public async Task Blanks_before_a_key_are_none_of_it()
    {
        var key = fleet.Http.DefaultRequestHeaders.Authorization!.Parameter;
        using var anyone = fleet.With(null);
        anyone.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"bearer   {key}").ShouldBeTrue();
        using var answer = await anyone.GetAsync("/v1/whoami");
        await answer.Json(200);
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/agents")]
    [InlineData("/v1/whoami")]
    [InlineData("/v1/jobs/00000000000000000000000000")]
    public async Task HEAD_is_answered_as_GET(string path)
    {
        using var get = await fleet.Http.GetAsync(path);
        using var head = await fleet.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        head.StatusCode.ShouldBe(get.StatusCode);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task HEAD_of_a_stream_ends()
    {
        var job = await fleet.Submit(new { kind = "noop", not_before = "2100-01-01T00:00:00Z" });
        foreach (var path in (string[])["events", "log?follow=true"])
        {
            using var head = await fleet.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/jobs/{job}/{path}"));
            head.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/a\r\nX: y")]
    [InlineData("http://127.0.0.1:1/a\n")]
    [InlineData(" http://127.0.0.1:1/a")]
    [InlineData("http://127.0.0.1:1/a b")]
    public async Task A_URL_holds_no_blanks_and_no_control_characters(string url)
    {
        using var endpoint = await fleet.Http.PostAsJsonAsync("/v1/webhook-endpoints", new { url, event_types = (string[])["job.finished"] });
        (await endpoint.Problem(400, "invalid_field")).Sentence("url").ShouldContain("URL");
        using var job = await fleet.Http.PostAsJsonAsync("/v1/jobs", new { kind = "noop", state_webhook_url = url });
        (await job.Problem(400, "invalid_field")).Sentence("state_webhook_url").ShouldContain("URL");
    }

    private async Task<HttpResponseMessage> Post(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { kind = "noop" }) };
        request.Headers.Add("Idempotency-Key", key);
        return await fleet.Http.SendAsync(request);
    }
}
