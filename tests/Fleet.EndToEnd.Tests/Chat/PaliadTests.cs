using System.Net;
using System.Text;
using System.Text.Json;
using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>Clients of paliad's wire, through the edge.</summary>
[Collection(ChatFleet.Name)]
public sealed class PaliadTests(ChatFleet fleet)
{
    private const int Cuts = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> Quietly = new()
    {
        ["NO_UPDATE_NOTIFIER"] = "1",
        ["NO_PROXY"] = "127.0.0.1,localhost",
    };

    [Fact]
    public async Task A_scripted_client_asks_follows_recovers_looks_back_and_begins_anew()
    {
        var paliad = fleet.Paliad;
        var turn = await paliad.Ask("what is due?", "scripted");
        var events = await paliad.Follow(turn);
        events[0].Type.ShouldBe("meta");
        events[^1].Type.ShouldBe("end");
        PaliadClient.TextOf(events).ShouldBe("what is due?");
        events[^1].Data.GetProperty("aichat_conversation_id").GetString()!.ShouldStartWith("conv-");
        var row = await paliad.Recover(turn);
        (row.GetProperty("response").GetString(), row.GetProperty("recovery_state").GetString())
            .ShouldBe(("what is due?", "recovered"));

        var second = (await paliad.Follow(await paliad.Ask("and then?", "scripted")))[^1];
        Conversation(second).ShouldBe(Conversation(events[^1]));
        using var reset = await fleet.Client.Send(HttpMethod.Post, "/api/paliadin/reset");
        (await reset.Must(HttpStatusCode.OK)).ShouldBe("""{"ok":true}""");
        var third = (await paliad.Follow(await paliad.Ask("anew?", "scripted")))[^1];
        Conversation(third).ShouldNotBe(Conversation(second));

        var history = await paliad.Get("/api/paliadin/history?session=scripted&limit=2");
        history.EnumerateArray().Select(one => one.GetProperty("user_message").GetString()).ShouldBe(["and then?", "anew?"]);
        (await paliad.Get("/api/admin/paliadin/turns"))[0].GetProperty("user_message").GetString().ShouldBe("anew?");
        (await paliad.Get("/api/admin/paliadin/stats")).GetProperty("totals").GetProperty("turns").GetInt64().ShouldBeGreaterThan(2);
        using var stranger = fleet.ClientWith("fleet_" + new string('A', 43));
        foreach (var path in (string[])["/api/paliadin/turns/" + turn, "/api/paliadin/nothing", "/api/admin/paliadin/stats"])
        {
            using var met = await stranger.Send(HttpMethod.Get, path);
            (await met.Must(HttpStatusCode.NotFound)).ShouldBe("404 page not found\n");
        }
    }

    [Fact]
    public async Task A_long_answer_that_is_cut_anywhere_and_resumed_is_the_answer_and_two_readers_read_the_same()
    {
        var paliad = fleet.Paliad;
        var question = new StringBuilder();
        for (var line = 1; line <= 150; line++)
            question.Append($"{line}. naïve €5 日本語 🦉 ");
        var turn = await paliad.Ask(question.ToString(), "long");
        var readers = await Task.WhenAll(paliad.Follow(turn), paliad.Follow(turn));
        readers[1].Select(Line).ShouldBe(readers[0].Select(Line));
        var stored = (await paliad.Turn(turn)).GetProperty("response").GetString()!;
        PaliadClient.TextOf(readers[0]).ShouldBe(stored);

        var (_, bytes) = await paliad.Cut(turn, 10_000_000);
        for (var cut = 1; cut <= Cuts; cut++)
        {
            var (events, _) = await paliad.Cut(turn, (int)((long)bytes * cut / Cuts));
            var rest = await paliad.Rest(turn, events.Count == 0 ? null : events[^1].Id);
            PaliadClient.TextOf([.. events, .. rest]).ShouldBe(stored);
            events.Concat(rest).Count(PaliadClient.IsTerminal).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Another_device_stops_the_answer_and_keeps_what_came()
    {
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 100, Words: 600), ChatFleet.Persona);
        var paliad = fleet.Paliad;
        var turn = await paliad.Ask("go on for long", "stopped");
        using var other = fleet.ClientWith(fleet.Home.AdminKey);
        var contents = 0;
        var events = await paliad.Follow(turn, async happened =>
        {
            if (happened.Type != "content" || ++contents != 3)
                return;
            using var stopped = await other.Send(HttpMethod.Post, $"/api/paliadin/turns/{turn}/cancellation");
            await stopped.Must(HttpStatusCode.Accepted);
        });
        fleet.Echo.Script.Clear();
        (events[^1].Type, events[^1].Text("code")).ShouldBe(("error", "cancelled"));
        var row = await paliad.Turn(turn);
        row.GetProperty("response").GetString().ShouldBe(PaliadClient.TextOf(events));
        row.GetProperty("response").GetString()!.ShouldStartWith("w1 w2 w3");
        await Eventually.True(() => fleet.Echo.Counts.Generating == 0, "the upstream is not asked any more");
    }

    [Fact]
    public async Task A_stock_EventSource_follows_a_turn_and_takes_it_up_again()
    {
        const int Words = 40;
        var script = await Install();
        var sign = Path.Combine(Path.GetDirectoryName(script)!, "following");
        fleet.Echo.Script.Set(new EchoBehaviour(Words: Words, Aichat: new AichatBehaviour(Stepwise: true)), ChatFleet.Persona);
        try
        {
            var client = Shell.Run("node", [script, fleet.Scripts.Ports.EdgeUrl.ToString(), fleet.Home.AdminKey, sign], Quietly, Patience);
            Step(Words / 2);
            await Eventually.True(() => Task.FromResult(File.Exists(sign) || client.IsCompleted), "the client hears the answer");
            await fleet.Scripts.Kill("edge-1");
            await fleet.Scripts.Restart("edge-1");
            Step(Words / 2);
            (await client).ShouldContain("all is well");
        }
        finally
        {
            fleet.Echo.Script.Clear();
            await fleet.Heal();
        }
    }

    /// <summary>The echo says so many words more.</summary>
    private void Step(int words)
    {
        for (var word = 0; word < words; word++)
            fleet.Echo.Step();
    }

    private async Task<JsonElement> Latest() => (await fleet.Paliad.Get("/api/admin/paliadin/turns"))[0];

    private static string? Conversation(JournalEvent end) => end.Text("aichat_conversation_id");

    private static string Line(JournalEvent happened) => $"{happened.Id} {happened.Type} {happened.Data.GetRawText()}";

    private async Task<string> Install()
    {
        var folder = Path.Combine(fleet.Home.Path, "scratch", "eventsource-client");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests/Chat/Clients")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        await Shell.Run("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], Quietly, Patience);
        return Path.Combine(folder, "eventsource.mjs");
    }
}
