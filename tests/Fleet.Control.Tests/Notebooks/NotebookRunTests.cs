using System.Formats.Tar;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Notebooks;

/// <summary>Runs out of notebooks, whose files an agent brings, or does not.</summary>
public sealed class NotebookRunTests(NotebookFleet fleet) : IClassFixture<NotebookFleet>
{
    private const string Script = "echo hello\n";

    private static readonly byte[] Small = TestArchive.Of(
        TestArchive.Entry("./run.sh", Script, executable: true), TestArchive.Entry("./lib/words.txt", "hello"));

    [Fact]
    public async Task The_files_of_a_workspace_become_a_commit_and_a_run_of_it()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        var run = await (await Queue(agent, id, Small, new
        {
            name = "from-here",
            priority = 7,
            args = new[] { "--lr", "0.5" },
            env = new { SEED = "7" },
            resources = new { gpu = 2 },
        })).Json(202);
        run.GetProperty("kind").GetString().ShouldBe("experiment");
        run.GetProperty("name").GetString().ShouldBe("from-here");
        run.GetProperty("priority").GetInt32().ShouldBe(7);
        run.GetProperty("labels").GetProperty("notebook").GetString().ShouldBe(id);
        run.GetProperty("target").GetProperty("labels").GetProperty("gpu").GetString().ShouldBe("2");
        using var shown = await fleet.Http.GetAsync($"/v1/jobs/{run.GetProperty("job_id").GetString()}/experiment");
        var experiment = await shown.Json(200);
        experiment.GetProperty("args").EnumerateArray().Select(arg => arg.GetString()).ShouldBe(["--lr", "0.5"]);
        var commit = experiment.GetProperty("commit_id").GetString()!;
        commit.ShouldBe(Sha($"{Sha("hello")} -  lib/words.txt\n{Sha(Script)} x  run.sh\n")[..40], "as the command fleet calls it");
        using var files = await fleet.Http.GetAsync($"/v1/experiments/{commit}");
        (await files.Json(200)).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString())
            .ShouldBe(["lib/words.txt", "run.sh"]);

        var again = await (await Queue(agent, id, Small)).Json(202);
        again.GetProperty("job_id").GetString().ShouldNotBe(run.GetProperty("job_id").GetString());
        again.GetProperty("name").GetString()!.ShouldStartWith("nb", customMessage: "as the notebook");
    }

    [Fact]
    public async Task The_same_request_again_asks_for_no_files_and_makes_no_second_run()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        var key = Guid.NewGuid().ToString();
        var first = await (await Queue(agent, id, Small, once: key)).Json(202);
        using var second = await Post(id, null, key).Within();
        (await second.Json(202)).GetProperty("job_id").GetString().ShouldBe(first.GetProperty("job_id").GetString());
        agent.Packs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tar_that_breaks_off_becomes_no_commit()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        var unique = $"echo {Guid.NewGuid():N}\n";
        const int end = 1024; // two blocks of nothing
        var files = TestArchive.Of(("run.sh", unique))[..^end];
        var asking = Post(id);
        using (var socket = await Pack(agent))
        {
            await socket.SendAsync(files, WebSocketMessageType.Binary, true, default).Within();
            socket.Abort();
        }

        using var answer = await asking.Within();
        await answer.Problem(502, "workspace_unreadable");
        using var all = await fleet.Http.GetAsync($"/v1/experiments/{Sha($"{Sha(unique)} -  run.sh\n")[..40]}");
        await all.Problem(404, "not_found");
    }

    [Fact]
    public async Task What_a_commit_cannot_have_is_named()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        var link = new PaxTarEntry(TarEntryType.SymbolicLink, "./away") { LinkName = "/etc/passwd" };
        (byte[] Archive, string Words)[] all =
        [
            (TestArchive.Of(TestArchive.Entry("run.sh", Script), link), "away is no plain file"),
            (TestArchive.Of(("notes.txt", "no entry")), "It has no entry"),
            (new byte[1024], "There is no file in it"),
        ];
        foreach (var (archive, words) in all)
        {
            using var answer = await Queue(agent, id, archive);
            var problem = await answer.Problem(409, "workspace_unfit");
            problem.GetProperty("detail").GetString()!.ShouldContain(words);
        }
    }

    [Theory]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"priority":10}""", "priority")]
    [InlineData("""{"args":[null]}""", "args[0]")]
    [InlineData("""{"datasets":["../x"]}""", "datasets[0]")]
    [InlineData("""{"datasets":["not-there"]}""", "datasets")]
    [InlineData("""{"resources":{"cpu":0}}""", "resources.cpu")]
    [InlineData("""{"commit":"x"}""", "commit")]
    public async Task A_wrong_field_is_named_before_anybody_is_asked(string body, string field)
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await fleet.Http.PostAsync($"/v1/notebooks/{id}/runs", content);
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
        agent.Packs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_notebooks_own_key_runs_its_files_and_only_while_it_runs()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        using var admin = fleet.With(await fleet.Key(["admin"], "another"));
        using var stranger = await admin.PostAsync($"/v1/notebooks/{id}/runs", null);
        await stranger.Problem(404, "not_found");
        using var reader = fleet.With(await fleet.Key(["jupyter:manage", "jupyter:read"]));
        using var unable = await reader.PostAsync($"/v1/notebooks/{id}/runs", null);
        await unable.Problem(403, "forbidden");
        using var stopped = await fleet.Http.PostAsync($"/v1/notebooks/{id}/stop", null);
        await stopped.Json(202);
        using var late = await Post(id);
        await late.Problem(409, "notebook_not_running");
        agent.Packs.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_agent_that_makes_no_more_connections_is_believed_at_once()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        var asking = Post(id);
        (await fleet.Dial(agent, agent.Name, await Wanted(agent), OpenTunnel.RefusedHeader)).ShouldBeNull();
        using var answer = await asking.Within();
        await answer.Problem(503, "too_many_tunnels");
        answer.Headers.RetryAfter.ShouldNotBeNull();

        var page = fleet.Http.GetAsync($"/notebooks/{id}/api");
        OpenTunnel? tunnel = null;
        await Eventually.True(() => agent.Tunnels.TryDequeue(out tunnel), "a tunnel is wanted");
        (await fleet.Dial(agent, agent.Name, tunnel!.Tunnel, OpenTunnel.RefusedHeader)).ShouldBeNull();
        using var shown = await page.Within();
        await shown.Problem(503, "too_many_tunnels");
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<HttpResponseMessage> Queue(TestAgent agent, string id, byte[] archive, object? body = null, string? once = null)
    {
        var asking = Post(id, body, once);
        using var socket = await Pack(agent);
        await socket.SendAsync(archive, WebSocketMessageType.Binary, true, default).Within();
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default).Within();
        return await asking.Within();
    }

    private async Task<HttpResponseMessage> Post(string id, object? body = null, string? once = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/notebooks/{id}/runs");
        request.Content = body is null ? null : JsonContent.Create(body);
        if (once is not null)
            request.Headers.Add("Idempotency-Key", once);
        return await fleet.Http.SendAsync(request);
    }

    private async Task<ClientWebSocket> Pack(TestAgent agent) => (await fleet.Dial(agent, agent.Name, await Wanted(agent)))!;

    private static async Task<Guid> Wanted(TestAgent agent)
    {
        PackWorkspace? wanted = null;
        await Eventually.True(() => agent.Packs.TryDequeue(out wanted), "files are wanted");
        return wanted!.Tunnel;
    }
}
