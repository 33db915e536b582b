using System.Net.WebSockets;
using Fleet.Control.Tests.Agents.Socket.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>An agent that does not read what it is told.</summary>
public sealed class SocketDeafTests(HastySocketFleet fleet) : IClassFixture<HastySocketFleet>
{
    [Fact]
    public async Task It_is_let_go_and_nobody_else_waits_for_it()
    {
        await using var deaf = await fleet.Connected();
        await using var calm = await fleet.Connected();
        var id = new string('x', 128);
        var talking = Task.Run(async () =>
        {
            try
            {
                while (true)
                    await deaf.Say("nonsense", new { }, id); // each is answered, and the answers are not read
            }
            catch (Exception cut) when (cut is WebSocketException or TimeoutException or IOException or ObjectDisposedException)
            {
                // the other side has had enough
            }
        });
        while (!talking.IsCompleted)
        {
            await calm.Say("nonsense", new { });
            await calm.HearError("unknown_type");
        }

        await talking;
        (await fleet.StateOf(calm.Name)).ShouldBe("online");
    }
}
