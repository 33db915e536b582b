using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Notebooks;

/// <summary>Per test class: a Control with a key for secrets, and agents that have notebooks.</summary>
public sealed class NotebookFleet : PacketFleet
{
    private string? _last;

    protected override (string Key, string Value)[] Settings => [("Secrets:KeyFile", Key())];

    /// <summary>The only one that new notebooks are given to, unless they name another.</summary>
    internal async Task<TestAgent> Host()
    {
        if (_last is not null)
            (await Http.PostAsync($"/v1/agents/{_last}/drain", null)).EnsureSuccessStatusCode();
        var host = await Agent(slots: new Dictionary<string, int> { ["notebook"] = 4 });
        _last = host.Name;
        return host;
    }

    /// <summary>A notebook whose server listens.</summary>
    internal async Task<(string Id, string Token)> Running(TestAgent agent)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/notebooks", new { name = $"nb{Guid.NewGuid():N}", agent = agent.Name });
        var made = await answer.Json(201);
        var run = await agent.NextRun();
        await agent.Deliver(new AttemptReport(
            run.WorkId, run.Kind, run.Attempt, Started: true, Progress: new ProgressReport(1, "listening")));
        return (made.GetProperty("notebook_id").GetString()!, made.GetProperty("token").GetString()!);
    }

    /// <summary>A tunnel that an agent opens; null where it is refused.</summary>
    internal async Task<ClientWebSocket?> Dial(TestAgent by, string agent, Guid tunnel, string header = OpenTunnel.TokenHeader)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {by.Token}");
        socket.Options.SetRequestHeader(header, "secret-of-the-run");
        var address = new UriBuilder(Address) { Scheme = "ws", Path = $"/v1/agents/{agent}/tunnels/{tunnel:N}" };
        try
        {
            await socket.ConnectAsync(address.Uri, default).Within();
            return socket;
        }
        catch (WebSocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private string Key()
    {
        var path = Path.Combine(House.Directory, "secrets.key");
        if (!File.Exists(path))
            File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
