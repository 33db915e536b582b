using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>What was answered is in the audit, whatever dies.</summary>
[Collection(QuickLeases.Name)]
public sealed class AuditTests(QuickLeases fleet)
{
    private const int Before = 300;

    [Fact]
    public async Task Every_job_that_was_accepted_is_in_the_audit_after_Control_was_killed()
    {
        var accepted = new ConcurrentBag<string>();
        using var over = new CancellationTokenSource();
        try
        {
            var clients = Enumerable.Range(0, 8).Select(_ => Submit(accepted, over.Token)).ToList();
            await Eventually.True(() => accepted.Count > Before, "many are accepted");
            await fleet.Scripts.Kill("control-1");
            await fleet.Scripts.Restart("control-1");
            var then = accepted.Count;
            await Eventually.True(() => accepted.Count > then, "more are accepted");
            await over.CancelAsync();
            await Task.WhenAll(clients).Within();
        }
        finally
        {
            await fleet.Heal();
        }

        var told = new HashSet<string>();
        using var export = await fleet.Client.Follow("/v1/audit/export?action=job.submit&status=202");
        foreach (var line in (await export.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var job in JsonDocument.Parse(line).RootElement.GetProperty("objects").EnumerateArray())
                told.Add(job.GetString()!).ShouldBeTrue("one row tells of one job");
        }

        accepted.Except(told).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_names_the_key_and_the_address_that_the_edge_saw()
    {
        var key = await fleet.Client.NewKey("reader", scopes: ["jobs:read"]);
        using var reader = fleet.ClientWith(key.Key);
        using var refused = await reader.Send(HttpMethod.Post, "/v1/jobs", """{"kind":"noop"}""", ("Fleet-Caller", "203.0.113.9"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var page = await fleet.Client.Send(HttpMethod.Get, "/v1/audit?status=403&limit=1");
        var row = JsonDocument.Parse(await page.Must(HttpStatusCode.OK)).RootElement.GetProperty("items")[0];
        row.GetProperty("who").GetString().ShouldBe("reader");
        row.GetProperty("action").GetString().ShouldBe("job.submit");
        row.GetProperty("code").GetString().ShouldBe("forbidden");
        row.GetProperty("address").GetString().ShouldBe("127.0.0.1", "the edge believes nobody's word");
        row.GetProperty("request_id").GetString().ShouldBe(refused.Headers.GetValues("X-Request-Id").Single());
    }

    private async Task Submit(ConcurrentBag<string> accepted, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", """{"kind":"noop"}""");
                if (answer.StatusCode == HttpStatusCode.Accepted)
                    accepted.Add(FleetJson.Read<JobView>(await answer.Content.ReadAsStringAsync(CancellationToken.None)).JobId);
                else
                    await Task.Delay(50, CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }
}
