using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Who may do what.</summary>
[Collection(OneControl.Name)]
public sealed class AccessTests(OneControl fleet)
{
    [Fact]
    public async Task Wrong_credentials_look_all_alike()
    {
        var revoked = await fleet.Client.NewKey("revoked", role: "admin");
        using (var before = fleet.ClientWith(revoked.Key))
            await before.List("");
        using var revocation = await fleet.Client.Send(HttpMethod.Delete, $"/v1/api-keys/{revoked.KeyId}");
        await revocation.Must(HttpStatusCode.NoContent);

        var key = fleet.Home.AdminKey;
        var almost = key[..^1] + (key[^1] == 'a' ? 'b' : 'a');
        string[] wrong = [revoked.Key, key[..^1], key + "x", almost, "x", new('k', 3000)];
        var answers = new List<string>();
        foreach (var credentials in wrong)
        {
            using var client = fleet.ClientWith(credentials);
            using var answer = await client.Send(HttpMethod.Get, "/v1/jobs");
            var problem = await answer.MustRefuse(401, "unauthorized");
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            answers.Add(problem.Title + problem.Detail);
        }

        answers.Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("jobs:read", "POST", "/v1/jobs", "jobs:create")]
    [InlineData("jobs:create", "GET", "/v1/jobs", "jobs:read")]
    [InlineData("jobs:read", "POST", "/v1/jobs/{id}/cancellation", "jobs:update")]
    [InlineData("jobs:read", "POST", "/v1/jobs/{id}/retry", "jobs:create")]
    [InlineData("jobs:create", "GET", "/v1/jobs/{id}/events", "jobs:read")]
    [InlineData("jobs:create", "GET", "/v1/jobs/{id}/artifacts/a", "jobs:read")]
    [InlineData("jobs:read", "PUT", "/v1/attempts/{id}/1/artifacts/a", "the agent's own token")]
    [InlineData("admin", "PUT", "/v1/agents/worker-1", "the agent's own token")]
    [InlineData("jobs:read", "POST", "/v1/api-keys", "admin")]
    public async Task A_key_without_the_scope_is_refused_with_its_name(
        string has, string method, string path, string needs)
    {
        var job = await fleet.Client.Submit(JobDraft.Noop);
        using var client = fleet.ClientWith((await fleet.Client.NewKey("narrow", scopes: [has])).Key);
        var url = path.Replace("{id}", job.JobId, StringComparison.Ordinal);
        using var answer = await client.Send(new HttpMethod(method), url, method == "GET" ? null : "{}");
        (await answer.MustRefuse(403, "forbidden")).Detail.ShouldContain(needs);
    }

    [Fact]
    public async Task A_rehearsal_of_bulk_work_tells_nothing_to_who_may_not_read()
    {
        using var client = fleet.ClientWith((await fleet.Client.NewKey("blind", scopes: ["jobs:update"])).Key);
        using var answer = await client.Send(
            HttpMethod.Post, "/v1/jobs/bulk", """{"action":"cancel","filter":"state:queued","dry_run":true}""");
        (await answer.MustRefuse(403, "forbidden")).Detail.ShouldContain("jobs:read");
    }

    [Fact]
    public async Task Keys_of_one_tenant_share_what_they_see()
    {
        var key = await fleet.Client.NewKey("one", tenant: "shared", role: "operator");
        var other = await fleet.Client.NewKey("other", tenant: "shared", role: "viewer");
        using var writer = fleet.ClientWith(key.Key);
        using var reader = fleet.ClientWith(other.Key);
        var job = await writer.Submit(JobDraft.Noop);
        (await reader.End(job.JobId)).State.ShouldBe("succeeded");
    }
}
