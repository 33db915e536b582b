using System.Net.WebSockets;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Sockets;
using Fleet.EndToEnd.Tests.Support;
using ScriptedAgent = Fleet.Tests.Shared.ScriptedAgent;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>A host that hangs on a socket, and comes back through another edge when that ends. It does at once what it is told.</summary>
internal sealed class SocketVisitor(FleetUnderTest fleet, Balancer balancer) : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly string _name = $"socket-{Guid.NewGuid():N}"[..20];
    private readonly CancellationTokenSource _over = new();
    private Task _hanging = Task.CompletedTask;

    public int Connections { get; private set; }

    public async Task Come()
    {
        var agent = await SocketHost.Enrol(fleet, _name);
        await SocketHost.HasSomethingToBackUp(fleet, _name);
        _hanging = Hang(agent);
        await Eventually.True(() => Connections > 0, "the host is there");
    }

    /// <summary>Backs the host up, as somebody at the door asks for it.</summary>
    public async Task BackUp(FleetClient client)
    {
        var job = await SocketHost.BackUp(client, _name);
        var state = "";
        await Eventually.True(
            async () => (state = (await client.Get<JsonElement>($"/v1/backups/{job}?wait=30")).GetProperty("state").GetString()!)
                is not ("queued" or "assigned" or "running"),
            $"backup {job} ends");
        state.ShouldBe("succeeded");
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _hanging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task Hang(ScriptedAgent agent)
    {
        while (!_over.IsCancellationRequested)
        {
            await using var connection = agent.Again(balancer.Next());
            try
            {
                await connection.Connect();
                await connection.Hello();
                Connections++;
                await Serve(connection);
            }
            catch (WebSocketException)
            {
                // it comes back
            }
        }
    }

    private async Task Serve(ScriptedAgent connection)
    {
        var ended = Task.Delay(Timeout.Infinite, _over.Token);
        while (true)
        {
            var hearing = connection.Hear();
            while (await Task.WhenAny(hearing, ended, Task.Delay(Beat)) is var first && first != hearing)
            {
                if (first == ended)
                    return;
                await connection.Beat();
            }

            if (await hearing is not { } message)
                return;
            if (message.GetProperty("type").GetString() == "command.run")
                await Do(connection, message.GetProperty("payload").GetProperty("job_id").GetString()!);
        }
    }

    private static async Task Do(ScriptedAgent connection, string job)
    {
        await connection.Say("job.started", new { job_id = job, kind = "backup" });
        await connection.Say("job.finished", new { job_id = job, status = "succeeded", exit_code = 0 });
    }
}
