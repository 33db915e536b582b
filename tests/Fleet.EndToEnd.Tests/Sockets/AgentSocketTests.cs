using System.Net.WebSockets;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Sockets;

/// <summary>A host that can reach the edge and nothing else: enrolled, told what to do, and heard, all through the door.</summary>
[Collection(TwoControls.Name)]
public sealed class AgentSocketTests(TwoControls fleet)
{
    [Fact]
    public async Task A_backup_goes_all_the_way_and_back_through_the_edge()
    {
        var name = $"socket-{Guid.NewGuid():N}"[..20];
        await using var agent = await SocketHost.Enrol(fleet, name);
        await agent.Connect();
        await agent.Welcome();
        await SocketHost.HasSomethingToBackUp(fleet, name);

        var job = await SocketHost.BackUp(fleet.Client, name);
        (await agent.Hear("config.update")).GetProperty("repo_password").GetString().ShouldBe("a-secret");
        (await agent.Hear("command.run")).GetProperty("job_id").GetString().ShouldBe(job);

        using var watcher = new ClientWebSocket();
        watcher.Options.SetRequestHeader("Authorization", $"Bearer {fleet.Home.AdminKey}");
        await watcher.ConnectAsync(new UriBuilder(fleet.Scripts.Ports.EdgeUrl) { Scheme = "ws", Path = $"/api/jobs/{job}/stream" }.Uri, default);
        await agent.Say("job.started", new { job_id = job, kind = "backup" });
        await agent.Say("job.progress", new { job_id = job, percent_done = 0.5, total_files = 10, files_done = 5 });
        await agent.Say("log.stream", new { job_id = job, seq = 0, stream = "stdout", payload = new string('x', 300_000) });
        await agent.Say("snapshots.report", new
        {
            snapshots = new[] { new { id = new string('a', 64), time = "2026-01-01T00:00:00Z", hostname = name, paths = new[] { "/home" }, tags = new[] { name } } },
        });
        await agent.Say("job.finished", new { job_id = job, status = "succeeded", exit_code = 0, stats = new { files_new = 10, snapshot_id = new string('a', 64) } });

        var told = await Messages(watcher);
        told.Select(message => message.GetProperty("type").GetString()).Distinct()
            .ShouldBe(["job.started", "job.progress", "log.stream", "job.finished"], ignoreOrder: true);
        var end = told[^1].GetProperty("payload");
        (end.GetProperty("status").GetString(), end.GetProperty("stats").GetProperty("files_new").GetInt32()).ShouldBe(("succeeded", 10));
        (await fleet.Client.Get<JsonElement>($"/v1/backups/{job}")).GetProperty("state").GetString().ShouldBe("succeeded");
        var snapshots = await fleet.Client.Get<JsonElement>($"/api/hosts/{name}/snapshots");
        snapshots.GetProperty("snapshots")[0].GetProperty("short_id").GetString().ShouldBe("aaaaaaaa");
        snapshots.GetProperty("refreshed_at").ValueKind.ShouldBe(JsonValueKind.String);

        var browsing = fleet.Client.Get<JsonElement>($"/v1/snapshots/{new string('a', 64)}/tree?path=/");
        var question = (await agent.Hear())!.Value;
        question.GetProperty("type").GetString().ShouldBe("tree.list", question.GetRawText());
        await agent.Say(
            "tree.list.result",
            new { entries = new[] { new { name = "home", type = "dir", path = "/home" } } },
            question.GetProperty("id").GetString());
        (await browsing).GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("home");
    }

    /// <summary>All that is told until the other side closes.</summary>
    private static async Task<List<JsonElement>> Messages(ClientWebSocket socket)
    {
        var messages = new List<JsonElement>();
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, default).Within();
            if (part.MessageType == WebSocketMessageType.Close)
                return messages;
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            messages.Add(JsonDocument.Parse(message.ToArray()).RootElement);
            message.SetLength(0);
        }
    }
}
