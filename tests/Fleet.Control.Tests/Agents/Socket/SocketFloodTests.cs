using System.Net.WebSockets;
using Fleet.Control.Tests.Agents.Socket.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>Agents that send too much, too large, in pieces, or do not read: the others notice nothing.</summary>
public sealed class SocketFloodTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Fact]
    public async Task Ten_thousand_frames_of_garbage_are_answered_and_harm_nobody()
    {
        await using var noisy = await fleet.Connected();
        await using var calm = await fleet.Connected();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
                await noisy.Text(i % 2 == 0 ? "garbage " + i : "{\"type\":\"job.started\",\"payload\":7}");
        });
        for (var i = 0; i < 10_000; i++)
        {
            await noisy.HearError("bad_request");
            if (i % 1000 != 0)
                continue;
            await calm.Say("nonsense", new { });
            await calm.HearError("unknown_type");
        }

        await sending.Within();
        (await fleet.StateOf(noisy.Name)).ShouldBe("online");
    }

    [Fact]
    public async Task A_message_in_many_frames_is_one_message()
    {
        await using var agent = await fleet.Connected();
        var text = """{"type":"nonsense","id":"whole","payload":{"text":"ä"}}""";
        foreach (var (i, letter) in text.Index())
            await agent.Text(letter.ToString(), isLast: i == text.Length - 1);
        (await agent.Hear())!.Value.GetProperty("id").GetString().ShouldBe("whole");
    }

    [Fact]
    public async Task Sixteen_mebibytes_are_a_message_like_any_other()
    {
        await using var agent = await fleet.Connected();
        await agent.Say("nonsense", new { text = new string('x', 16 * 1024 * 1024) }, id: "large");
        (await agent.Hear())!.Value.GetProperty("id").GetString().ShouldBe("large");
        await agent.Say("nonsense", new { }, id: "next");
        (await agent.Hear())!.Value.GetProperty("id").GetString().ShouldBe("next");
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection_and_no_other()
    {
        await using var greedy = await fleet.Connected();
        await using var calm = await fleet.Connected();
        var piece = new string('x', 1024 * 1024);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 40 && greedy.Socket.State == WebSocketState.Open; i++)
                await greedy.Text(piece, isLast: false);
        });
        await greedy.MustClose(1009);
        await calm.Say("nonsense", new { });
        await calm.HearError("unknown_type");
        try
        {
            await sending.Within();
        }
        catch (Exception cut) when (cut is WebSocketException or InvalidOperationException or IOException)
        {
            // the other side did not wait for the rest
        }
    }

    [Fact]
    public async Task Text_that_is_no_text_ends_the_connection()
    {
        await using var agent = await fleet.Connected();
        await agent.Socket.SendAsync(new byte[] { 0xFF, 0xFE, 0xFD }, WebSocketMessageType.Text, true, default).Within();
        (await agent.Hear()).ShouldBeNull();
    }

    [Fact]
    public async Task More_long_messages_than_places_wait_for_their_turn()
    {
        var agents = new List<ScriptedAgent>();
        for (var i = 0; i < 6; i++)
            agents.Add(await fleet.Connected());
        var large = """{"type":"nonsense","payload":{"text":""" + '"' + new string('x', 1024 * 1024) + "\"}}";
        foreach (var agent in agents)
            await agent.Text(large[..(512 * 1024)], isLast: false); // four are in the places, two wait
        foreach (var agent in agents)
            await agent.Text(large[(512 * 1024)..]);
        foreach (var agent in agents)
        {
            await agent.HearError("unknown_type");
            await agent.DisposeAsync();
        }
    }
}
