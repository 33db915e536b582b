using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Backups;

/// <summary>Alerts come and go with their reasons, and receivers are told of both, and of backups.</summary>
public sealed class AlertTests(BackupFleet fleet) : IClassFixture<BackupFleet>
{
    [Fact]
    public async Task A_failure_raises_an_alert_that_is_told_once_acknowledged_and_resolves_with_the_next_success()
    {
        using var by = await fleet.Tenant("failing");
        await Subscribe(by);
        await using var agent = await fleet.BackupAgent();
        await BackupFleet.Create(by, "failing", agent.Name);

        await Run(by, agent, new AttemptResult(AttemptOutcome.Failed, ErrorCode: "repository_unreachable", ErrorMessage: "Nobody answers there.", IsFinal: true));
        var alert = await Becomes(by, "open");
        (alert.GetProperty("kind").GetString(), alert.GetProperty("source_group").GetString(), alert.GetProperty("agent").GetString())
            .ShouldBe(("failed", "failing", agent.Name));
        alert.GetProperty("message").GetString()!.ShouldContain("Nobody answers there.");
        await Run(by, agent, new AttemptResult(AttemptOutcome.Failed, ErrorCode: "repository_unreachable", ErrorMessage: "Nobody answers there.", IsFinal: true));
        await Eventually.True(async () => (await Told("failing")).Count(one => one == "backup.failed") == 2, "both failures are told");
        (await BackupFleet.Items(by, "/v1/alerts")).Count.ShouldBe(1, "one alert about one thing");

        var id = alert.GetProperty("alert_id").GetString();
        for (var again = 0; again < 2; again++)
        {
            using var seen = await by.PostAsync($"/v1/alerts/{id}/acknowledgement", null);
            (await seen.Json(200)).GetProperty("acknowledged_by").GetString().ShouldBe("failing");
        }

        await Run(by, agent, new AttemptResult(AttemptOutcome.Succeeded, ResultJson: "{}"));
        (await Becomes(by, "resolved")).GetProperty("alert_id").GetString().ShouldBe(id);
        var told = await Told("failing");
        told.Where(one => one.StartsWith("alert.", StringComparison.Ordinal)).ShouldBe(["alert.raised", "alert.acknowledged", "alert.resolved"]);
        told.Where(one => one is "backup.failed" or "backup.succeeded").ShouldBe(["backup.failed", "backup.failed", "backup.succeeded"]);
        var data = JsonDocument.Parse(await fleet.House.Ask<string>(
            "select data::text from webhook_deliveries where tenant = 'failing' and type = 'alert.resolved'")).RootElement;
        data.GetProperty("kind").GetString().ShouldBe("failed");
        data.GetRawText().ShouldNotContain("secret of");
    }

    [Fact]
    public async Task A_group_whose_newest_snapshot_is_too_old_is_stale_until_a_younger_one_is_there()
    {
        using var by = await fleet.Tenant("stale");
        await Subscribe(by);
        await using var agent = await fleet.BackupAgent();
        var (repository, _) = await BackupFleet.Create(by, "stale", agent.Name, newestWithin: 86_400);
        await fleet.House.Do("update source_groups set created_at = now() - interval '2 days' where name = 'stale'");
        (await Becomes(by, "open")).GetProperty("kind").GetString().ShouldBe("stale");
        await Run(by, agent, new AttemptResult(AttemptOutcome.Succeeded, ResultJson: "{}"));
        await Becomes(by, "resolved");
        (await Told("stale")).Where(one => one.StartsWith("alert.", StringComparison.Ordinal)).ShouldBe(["alert.raised", "alert.resolved"]);
        repository.ShouldNotBeNullOrEmpty();
    }

    private static async Task Subscribe(HttpClient by)
    {
        using var made = await by.PostAsJsonAsync(
            "/v1/webhook-endpoints", new { url = "https://receiver.example/", event_types = new[] { "alert.*", "backup.*" } });
        ((int)made.StatusCode).ShouldBe(201, await made.Content.ReadAsStringAsync());
    }

    /// <summary>A backup of the tenant's only group, and how its agent says that it ended.</summary>
    private static async Task Run(HttpClient by, TestAgent agent, AttemptResult result)
    {
        var group = (await BackupFleet.Items(by, "/v1/source-groups"))[0].GetProperty("name").GetString();
        await BackupFleet.Submit(by, new { kind = "backup", source_group = group, max_attempts = 1 });
        var run = await agent.NextRun();
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Started: true));
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Finished: result));
    }

    private static async Task<JsonElement> Becomes(HttpClient by, string state)
    {
        List<JsonElement> found = [];
        await Eventually.True(
            async () => (found = await BackupFleet.Items(by, $"/v1/alerts?state={state}")).Count == 1, $"one alert is {state}");
        return found[0];
    }

    /// <summary>What receivers are owed, in order.</summary>
    private async Task<string[]> Told(string tenant) => await fleet.House.Ask<string[]>(
        $"select coalesce(array_agg(type order by position), '{{}}') from webhook_deliveries where tenant = '{tenant}'");
}
