using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Chat;
using Fleet.Control.Chat.Paliad;
using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Tests.Chat.Paliad;

/// <summary>The stream is a function of the journal.</summary>
public sealed class PaliadStreamTests(PaliadFleet fleet) : IClassFixture<PaliadFleet>
{
    private const string Answer = "naïve €5 日本語";

    [Fact]
    public async Task Any_number_of_readers_get_the_same_from_wherever_they_were()
    {
        await using var agent = await fleet.ChatAgent();
        var turn = await PaliadFleet.Turn(fleet.Http, new { user_message = "?" });
        var readers = Enumerable.Range(0, 2).Select(_ => PaliadFleet.Stream(fleet.Http, turn)).ToList();
        var (run, _) = await agent.Begin();
        await fleet.Say(
            agent,
            run,
            [
                (TurnNote.Stream, """{"type":"heartbeat","elapsed_seconds":5,"upstream":true}""" + "\n"),
                .. Answer.Chunk(3).Select(piece => ("content", new string(piece))),
                (TurnNote.Stream, """{"type":"heartbeat","elapsed_seconds":9}""" + "\n"),
            ]);
        await agent.End(run, new TurnResult(Answer, agent.Name, true));
        var whole = (await readers[0])!;
        (await readers[1]).ShouldBe(whole);
        whole.Select(one => one.Name).Distinct().ShouldBe(["meta", "thinking", "content", "end"]);
        whole[0].Data.ShouldStartWith($$"""{"turn_id":"{{turn}}","started_at":""");
        whole[1].Data.ShouldBe("""{"elapsed_seconds":5,"since_first":false,"upstream":true}""");
        whole[2].Data.ShouldBe("""{"delta":"naï","streamed":true}""");
        whole[^2].Data.ShouldBe("""{"elapsed_seconds":9,"since_first":true}""");
        Names(whole[^1]).ShouldBe(
            ["turn_id", "used_tools", "rows_seen", "chip_count", "classifier_tag", "duration_ms", "streamed"]);
        TextOf(whole).ShouldBe(Answer);
        foreach (var one in whole.SkipLast(1))
            (await PaliadFleet.Stream(fleet.Http, turn, one.Id)).ShouldBe(whole.Where(other => other.Id > one.Id));
        (await PaliadFleet.Stream(fleet.Http, turn, whole[^1].Id)).ShouldBeNull();
    }

    [Fact]
    public async Task An_upstream_that_cannot_stream_gives_one_text()
    {
        await using var agent = await fleet.ChatAgent();
        var turn = await PaliadFleet.Turn(fleet.Http, new { user_message = "?" });
        var (run, _) = await agent.Begin();
        await fleet.Say(agent, run, (TurnNote.Stream, """{"type":"meta","in_one_piece":true}""" + "\n"), ("content", Answer));
        await agent.End(run, new TurnResult(Answer, agent.Name, false, UpstreamConversation: "c"));
        var said = (await PaliadFleet.Stream(fleet.Http, turn))!;
        said[1].Data.ShouldBe($$"""{"text":"{{Answer}}"}""");
        Names(said[2]).ShouldBe(["turn_id", "used_tools", "rows_seen", "chip_count", "classifier_tag", "duration_ms"]);
    }

    [Fact]
    public void An_attempt_that_says_the_same_again_is_not_heard_twice()
    {
        var events = Tell(["Hel", "lo"], ["H", "ello", " world"], "Hello world");
        TextOf(events).ShouldBe("Hello world");
        events.Count(IsTerminal).ShouldBe(1);
        TextOf(Tell(["Hello"], ["He"], "Hello all")).ShouldBe("Hello all");
    }

    [Fact]
    public void An_attempt_that_says_something_else_fails_the_stream_once()
    {
        foreach (var events in (List<PaliadSaid>[])[Tell(["Hello"], ["Hi", " there"], "Hi there"), Tell(["Hello"], ["Hel"], "Hel")])
        {
            TextOf(events).ShouldBe("Hello");
            events.Count(IsTerminal).ShouldBe(1);
            events[^1].Name.ShouldBe("error");
            events[^1].Data.ShouldStartWith("""{"code":"upstream_error","message":""");
        }
    }

    /// <summary>Two attempts, of which the second completes the turn.</summary>
    private static List<PaliadSaid> Tell(string[] first, string[] second, string answer)
    {
        var turn = new Turn
        {
            CorrelationId = Guid.CreateVersion7(),
            State = "Succeeded",
            Result = JsonSerializer.Serialize(new { answer, upstream = "up", streamed = true }),
        };
        var stream = new PaliadEvents(turn);
        var seq = 0L;
        var entries = (List<JournalEntry>)[Entry("state", 0)];
        entries.AddRange(first.Select(text => Entry(TurnPieces.Content, 1, text)));
        entries.AddRange(second.Select(text => Entry(TurnPieces.Content, 2, text)));
        entries.Add(Entry(JournalEntry.End, 2));
        var events = entries.SelectMany(entry => stream.Take(entry, turn))
            .Select(one => new PaliadSaid(one.Id, one.Name, one.Data)).ToList();
        events.Select(one => one.Id).ShouldBe(events.Select(one => one.Id).Distinct().Order());
        stream.IsOver.ShouldBeTrue();
        return events;

        JournalEntry Entry(string type, int attempt, string? text = null) => new(
            turn.CorrelationId, ++seq, type, attempt, DateTimeOffset.UnixEpoch, null,
            text is null ? null : Encoding.UTF8.GetBytes(text));
    }

    private static bool IsTerminal(PaliadSaid said) => said.Name is "end" or "error";

    private static IEnumerable<string> Names(PaliadSaid said) =>
        JsonDocument.Parse(said.Data).RootElement.EnumerateObject().Select(field => field.Name);

    private static string TextOf(IEnumerable<PaliadSaid> events) => string.Concat(events.Where(one => one.Name == "content")
        .Select(one => JsonDocument.Parse(one.Data).RootElement).Select(said =>
            said.TryGetProperty("delta", out var delta) ? delta.GetString() : said.GetProperty("text").GetString()));
}
