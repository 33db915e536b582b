using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Experiments;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Fleet.Protocol.Packets;
using Npgsql;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Series of metrics: what was measured stays what it was, and is read in any size.</summary>
public sealed class MetricTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    [Fact]
    public async Task Points_stay_what_they_were_whatever_numbers_they_are()
    {
        var run = await Run();
        object[] points =
        [
            new { name = "loss", value = (object)0.5, step = 1 }, new { name = "loss", value = (object)"NaN", step = 2 },
            new { name = "loss", value = (object)"-Infinity", step = 3 }, new { name = "acc/top 1", value = (object)0.1 },
        ];
        using var added = await fleet.Http.PostAsJsonAsync($"/v1/jobs/{run}/metrics", new { points });
        ((int)added.StatusCode).ShouldBe(204, await added.Content.ReadAsStringAsync());
        var series = (await fleet.Get($"/v1/jobs/{run}/metrics")).GetProperty("items");
        series.EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldBe(["acc/top 1", "loss"]);
        series[1].GetProperty("last").GetString().ShouldBe("-Infinity");
        (series[1].GetProperty("last_step").GetInt64(), series[1].GetProperty("points").GetInt64()).ShouldBe((3, 3));
        var loss = (await fleet.Get($"/v1/jobs/{run}/metrics/loss")).GetProperty("points");
        loss.EnumerateArray().Select(point => point.GetProperty("value").ToString()).ShouldBe(["0.5", "NaN", "-Infinity"]);
        (await fleet.Get($"/v1/jobs/{run}/metrics/acc/top%201")).GetProperty("total").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_later_point_of_an_earlier_step_is_not_the_last()
    {
        var run = await Run();
        foreach (var (step, value) in (ReadOnlySpan<(int, double)>)[(5, 1), (3, 9), (5, 2)])
            Add(run, step, value);
        var one = (await fleet.Get($"/v1/jobs/{run}/metrics")).GetProperty("items")[0];
        (one.GetProperty("last_step").GetInt64(), one.GetProperty("last").GetDouble()).ShouldBe((5, 2));
        (one.GetProperty("min").GetDouble(), one.GetProperty("max").GetDouble()).ShouldBe((1, 9));

        void Add(string id, int step, double value) =>
            fleet.Http.PostAsJsonAsync($"/v1/jobs/{id}/metrics", new { points = (object[])[new { name = "x", value, step }] })
                .GetAwaiter().GetResult().EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("""{"points":[]}""", "points")]
    [InlineData("""{"points":[null]}""", "points[0]")]
    [InlineData("""{"points":[{"name":"","value":1}]}""", "points[0].name")]
    [InlineData("""{"points":[{"name":"a\nb","value":1}]}""", "points[0].name")]
    [InlineData("""{"points":[{"name":"..","value":1}]}""", "points[0].name")]
    [InlineData("""{"points":[{"name":"a/./b","value":1}]}""", "points[0].name")]
    [InlineData("""{"points":[{"name":"a","value":"much"}]}""", "points[0].value")]
    [InlineData("""{"points":[{"name":"a","value":1,"step":-1}]}""", "points[0].step")]
    [InlineData("""{"points":[{"name":"a","value":1,"at":"0001-01-01T00:00:00Z"}]}""", "points[0].at")]
    public async Task A_wrong_point_is_named(string body, string field)
    {
        using var answer = await fleet.Http.PostAsync(
            $"/v1/jobs/{await Run()}/metrics", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task An_attempt_says_each_batch_once_and_only_while_it_is_in_hand()
    {
        var id = await Run();
        await using var agent = await fleet.Agent(slots: new Dictionary<string, int> { [ExperimentSpec.Kind] = 1000 });
        RunAttempt run;
        do
            run = await agent.NextRun();
        while (WireId.Format(run.WorkId) != id);
        for (var i = 0; i < 2; i++)
            (await Say(1, 0.5)).ShouldBe(204);
        (await Say(2, 0.25)).ShouldBe(204);
        var one = (await fleet.Get($"/v1/jobs/{id}/metrics")).GetProperty("items")[0];
        (one.GetProperty("points").GetInt64(), one.GetProperty("last").GetDouble()).ShouldBe((2, 0.25));
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Started: true, Finished: new(AttemptOutcome.Succeeded, 0)));
        (await Say(3, 1)).ShouldBe(409);
        using var other = await (await fleet.Agent()).Http.GetAsync($"/v1/attempts/{id}/1/snapshot");
        ((int)other.StatusCode).ShouldBe(409);

        async Task<int> Say(int number, double value)
        {
            using var said = await agent.Http.PostAsJsonAsync(
                $"/v1/attempts/{id}/{run.Attempt}/metrics",
                new { number, points = (object[])[new { name = "loss", value, at = "2026-01-01T00:00:00Z" }] });
            return (int)said.StatusCode;
        }
    }

    [Fact]
    public async Task A_metric_of_no_run_belongs_to_the_key()
    {
        var key = await fleet.Key(["jobs:update", "jobs:read"]);
        await using var client = await PacketClient.Connect(fleet.Address, key);
        (await client.Success(Opcode.LogMetric, "loose", 1.5)).GetRawText()
            .ShouldBe("""{"success":true,"message":"Metric logged","metric":"loose","value":1.5}""");
        (await client.Success(Opcode.LogMetric, "loose", double.NaN)).GetProperty("value").GetString().ShouldBe("NaN");
        using var http = fleet.With(key);
        var own = JsonDocument.Parse(await http.GetStringAsync("/v1/experiments/metrics/loose")).RootElement;
        own.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").ToString()).ShouldBe(["1.5", "NaN"]);
        using var others = await fleet.Http.GetAsync("/v1/experiments/metrics/loose");
        ((int)others.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Points_that_come_one_by_one_share_rows_and_keep_their_order()
    {
        WireId.TryParse(await Run(), out var run).ShouldBeTrue();
        var store = fleet.Services.GetRequiredService<MetricStore>();
        for (var step = 0; step < 200; step++)
            await store.Add(run, [new NamedPoint("x", new Point(step, DateTimeOffset.UnixEpoch, step))], CancellationToken.None);
        var read = await fleet.Get($"/v1/jobs/{WireId.Format(run)}/metrics/x");
        read.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("step").GetInt32()).ShouldBe(Enumerable.Range(0, 200));
        (await Count("experiment_points", run)).ShouldBe(4);
    }

    [Fact]
    public async Task What_belongs_to_no_run_goes_with_its_key_or_its_age_and_a_runs_stays()
    {
        var store = fleet.Services.GetRequiredService<MetricStore>();
        var janitor = fleet.Services.GetRequiredService<MetricJanitor>();
        WireId.TryParse(await Run(), out var run).ShouldBeTrue();
        var (kept, old, revoked, gone) = (await NewKey(), await NewKey(), await NewKey(), Guid.CreateVersion7());
        foreach (var (owner, days) in (ReadOnlySpan<(Guid, int)>)[(run, 5000), (kept, 0), (old, 91), (revoked, 0), (gone, 1)])
            Add(owner, days);
        (await fleet.Http.DeleteAsync($"/v1/api-keys/{WireId.Format(revoked)}")).EnsureSuccessStatusCode();
        await janitor.Sweep(CancellationToken.None);
        foreach (var table in (string[])["experiment_series", "experiment_points"])
        {
            (await Count(table, run), await Count(table, kept)).ShouldBe((1, 1), table);
            (await Count(table, old), await Count(table, revoked), await Count(table, gone)).ShouldBe((0, 0, 0), table);
        }

        void Add(Guid owner, int days) => store.Add(
            owner, [new NamedPoint("x", new Point(null, TimeProvider.System.GetUtcNow().AddDays(-days), 1))], CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    [Fact]
    public async Task A_million_points_are_read_as_the_shape_they_have()
    {
        WireId.TryParse(await Run(), out var run).ShouldBeTrue();
        var store = fleet.Services.GetRequiredService<MetricStore>();
        for (var batch = 0; batch < 100; batch++)
        {
            await store.Add(
                run,
                [.. Enumerable.Range(batch * 10_000, 10_000).Select(step => new NamedPoint(
                    "wave", new Point(step, DateTimeOffset.UnixEpoch, step == 765_432 ? 99 : Math.Sin(step / 1e5))))],
                CancellationToken.None);
        }

        var wave = await fleet.Get($"/v1/jobs/{WireId.Format(run)}/metrics/wave?points=400");
        wave.GetProperty("total").GetInt64().ShouldBe(1_000_000);
        wave.GetProperty("downsampled").GetBoolean().ShouldBeTrue();
        var points = wave.GetProperty("points").EnumerateArray().ToList();
        points.Count.ShouldBeInRange(100, 400);
        points.Select(point => point.GetProperty("step").GetInt64()).ShouldBeInOrder();
        (points[0].GetProperty("step").GetInt64(), points[^1].GetProperty("step").GetInt64()).ShouldBe((0, 999_999));
        points.Max(point => point.GetProperty("value").GetDouble()).ShouldBe(99);
    }

    private async Task<Guid> NewKey()
    {
        using var made = await fleet.Http.PostAsJsonAsync("/v1/api-keys", new { name = "measurer", scopes = (string[])["jobs:update"] });
        WireId.TryParse((await made.Json(201)).GetProperty("key_id").GetString()!, out var id).ShouldBeTrue();
        return id;
    }

    private async Task<long> Count(string table, Guid run)
    {
        await using var count = fleet.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand($"select count(*) from {table} where run = '{run}'");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task<string> Run()
    {
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        return await fleet.Submit(new { kind = "experiment", experiment = new { commit } });
    }
}
