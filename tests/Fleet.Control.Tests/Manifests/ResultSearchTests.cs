using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Manifests;

public sealed class ResultSearchTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>, IAsyncLifetime
{
    private const int Rows = 6000;

    /// <summary>The newest has number 1; every hundredth failed, and the oldest of all says where the needle is.</summary>
    public async Task InitializeAsync()
    {
        if (await fleet.House.Ask<long>("select count(*) from results where manifest = 'searched'") > 0)
            return;
        await fleet.House.Do(
            $"""
            insert into results (id, tenant, agent, manifest, version, exit_code, started_at, finished_at, stdout, stderr, stdout_truncated, stderr_truncated)
            select gen_random_uuid(), case when n % 1000 = 7 then 'other' else 'default' end, 'host-' || n % 50, 'searched', '1',
                case when n % 100 = 0 then 3 else 0 end, now() - n * interval '1 s', now(),
                'line ' || n || case when n = {Rows} then E'\nthe needle (oldest)\n' else '' end, 'warning ' || n, false, false
            from generate_series(1, {Rows}) n
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("stdout=needle", 1)]
    [InlineData("stdout=(?m)^the%20ne%2Bdle%20\\(old", 1)]
    [InlineData("stdout=NEEDLE", 0)]
    [InlineData("stdout=(?i)NEEDLE", 1)]
    [InlineData("stdout=^line%2059..$", 100)]
    [InlineData("stdout=[n]eedl[e]", 1)]
    [InlineData("stderr=warning%2012$&stdout=line", 1)]
    [InlineData("status=failure", 60)]
    [InlineData("status=failure&agent=^host-0$", 60)]
    [InlineData("status=running", 0)]
    [InlineData("agent=^host-49$&stdout=49$", 60)]
    [InlineData("stdout=needle&status=success", 0)]
    [InlineData("execution=x", 0)]
    public async Task The_whole_history_is_searched_for_all_of_what_is_asked(string query, int found)
    {
        var (items, cursor) = (0, "");
        do
        {
            var page = await fleet.Get($"/v1/results?manifest=^searched$&limit=70&{query}{cursor}");
            page.GetProperty("partial").GetBoolean().ShouldBeFalse();
            items += page.GetProperty("items").GetArrayLength();
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        items.ShouldBe(found);
    }

    [Fact]
    public async Task An_execution_is_named_as_its_wire_writes_it()
    {
        var execution = WireId.New();
        await fleet.House.Do(
            $"""
            insert into results (id, tenant, agent, manifest, version, execution_id, exit_code, started_at, finished_at, stdout, stderr, stdout_truncated, stderr_truncated)
            select gen_random_uuid(), 'default', 'host-' || n, 'executed', '1', '{execution}', 0, now(), now(), '', '', false, false
            from generate_series(1, 3) n
            """);
        (await fleet.Get($"/v1/results?execution={WireId.Format(execution)}")).GetProperty("items").GetArrayLength().ShouldBe(3);
        (await fleet.Get($"/v1/results?execution={execution}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await fleet.Get($"/api/results?exec_id={execution}")).GetArrayLength().ShouldBe(3);
        (await fleet.Get($"/api/results?exec_id={WireId.Format(execution)}")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Newest_come_first_and_of_other_tenants_nothing()
    {
        var all = await fleet.Get("/v1/results?manifest=^searched$&limit=20");
        var numbers = all.GetProperty("items").EnumerateArray().Select(row => int.Parse(row.GetProperty("stdout").GetString()!.Split(' ')[1])).ToList();
        numbers.ShouldBe(Enumerable.Range(1, 20));
        using var answer = await fleet.Http.PostAsync(
            "/v1/api-keys", new StringContent("""{"name":"o","role":"viewer","tenant":"other"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        using var other = fleet.With((await answer.Json(201)).GetProperty("key").GetString());
        using var seen = await other.GetAsync("/v1/results?limit=200");
        (await seen.Json(200)).GetProperty("items").GetArrayLength().ShouldBe(6);
        using var foreign = await other.GetAsync($"/v1/results/{all.GetProperty("items")[0].GetProperty("result_id").GetString()}");
        await foreign.Problem(404, "not_found");
    }

    [Fact]
    public async Task What_lies_behind_many_newer_results_is_found_by_the_name_of_its_agent()
    {
        await fleet.House.Do(
            """
            insert into results (id, tenant, agent, manifest, version, exit_code, started_at, finished_at, stdout, stderr, stdout_truncated,
                stderr_truncated)
            select gen_random_uuid(), 'default', case when n = 1 then 'quiet-1' else 'busy-' || n % 40 end,
                case when n = 1 then 'rare' else 'usual' end, '1', 0, now() - interval '1 day' + n * interval '1 s', now(),
                'line ' || n, '', false, false
            from generate_series(1, 3000) n
            """);
        try
        {
            foreach (var (query, count) in ((string, int)[])[
                ("agent=^quiet-", 1), ("manifest=^rare$", 1), ("agent=^qui.*1$&stdout=line%201$", 1), ("agent=^nobody$", 0),
                ("agent=^busy-7$&limit=100", 75), ("agent=busy&limit=200", 200), ("agent=^quiet-&manifest=^usual$", 0)])
            {
                var page = await fleet.Get($"/v1/results?{query}");
                page.GetProperty("items").GetArrayLength().ShouldBe(count, query);
            }
        }
        finally
        {
            await fleet.House.Do("delete from results where manifest in ('rare', 'usual')");
        }
    }

    [Theory]
    [InlineData("stdout=(a", "stdout")]
    [InlineData("agent=(?=a)", "agent")]
    [InlineData("status=odd", "status")]
    [InlineData("since=odd", "since")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=odd", "cursor")]
    public async Task A_wrong_question_is_refused_by_the_name_of_the_parameter(string query, string field)
    {
        using var answer = await fleet.Http.GetAsync($"/v1/results?{query}");
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(field);
    }

    [Fact]
    public async Task A_search_ends_at_its_limit_and_says_so()
    {
        using var hasty = await fleet.Control(("Search:TimeLimitSeconds", "0.1"), ("Urls", "http://127.0.0.1:0"));
        await fleet.House.Do(
            """
            update results set stderr = (select string_agg(case when random() < 0.5 then 'a' else 'b' end, '') from generate_series(1, 200000))
            where manifest = 'searched' and exit_code = 3
            """);
        try
        {
            using var answer = await hasty.GetAsync("/v1/results?status=failure&stderr=[ab]*a[ab]{300}[cd][ab]");
            await answer.Problem(422, "search_timeout");
            using var kanade = await hasty.GetAsync("/api/results?status=failure&stderr=[ab]*a[ab]{300}[cd][ab]");
            ((int)kanade.StatusCode).ShouldBe(422);
            (await kanade.Content.ReadAsStringAsync()).ShouldStartWith("The search was ended after 0.1 s");
        }
        finally
        {
            await fleet.House.Do("update results set stderr = 'warning' where manifest = 'searched' and exit_code = 3");
        }
    }
}
