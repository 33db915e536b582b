using System.Text;
using System.Text.Json;
using Fleet.Control.Chat.Responses;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>The events of a response, made of the journal of its turn.</summary>
public sealed class ResponseFoldTests
{
    [Fact]
    public void An_answer_is_told_in_the_order_that_clients_know()
    {
        var events = new ResponseJournal().Attempt().Say("Hel").Say("lo").Succeed(ResponseJournal.Result("Hello")).Read();
        events.Select(one => one.Type).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
            "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
            "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        events.Select(one => one.SequenceNumber).ShouldBe(Enumerable.Range(0, events.Count).Select(number => (long)number));
        var last = events[^1].Response!;
        (last.Status, last.Output[0].Content![0].Text, last.Usage!.TotalTokens).ShouldBe(("completed", "Hello", 7));
        last.Output[0].Id.ShouldBe(events[4].ItemId);
        Encoding.UTF8.GetString(events[4].ToEvent()).ShouldBe(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":4,"
            + "\"output_index\":0,\"item_id\":\"msg_" + last.Id["resp_".Length..]
            + "\",\"content_index\":0,\"delta\":\"Hel\",\"logprobs\":[]}\n\n");
    }

    [Fact]
    public void In_the_background_it_is_queued_first() =>
        new ResponseJournal(background: true).Attempt().Read().Select(one => (one.Type, one.Response!.Status)).ShouldBe(
            [("response.created", "queued"), ("response.queued", "queued"), ("response.in_progress", "in_progress")]);

    [Fact]
    public void Thoughts_and_calls_are_items_of_their_own()
    {
        var events = new ResponseJournal().Attempt().Think("Hm").Say("I look.").Call("look", """{"at":1}""")
            .Succeed(ResponseJournal.Result("I look.", "Hm", ResponseJournal.CallsOf("look", """{"at":1}"""))).Read();
        events.Select(one => one.Type["response.".Length..]).Skip(2).ShouldBe(
        [
            "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done",
            "reasoning_summary_part.done", "output_item.done",
            "output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
            "output_item.added", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done",
            "completed",
        ]);
        var output = events[^1].Response!.Output;
        output.Select(item => item.Type).ShouldBe(["reasoning", "message", "function_call"]);
        (output[2].Name, output[2].Arguments, output[0].Summary![0].Text).ShouldBe(("look", """{"at":1}""", "Hm"));
        output.Select(item => item.Id).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void What_did_not_come_in_pieces_comes_with_the_end()
    {
        var calls = ResponseJournal.CallsOf("look", "{}");
        var events = new ResponseJournal().Attempt().Succeed(ResponseJournal.Result("All.", "Hm", calls)).Read();
        events[^1].Response!.Output.Select(item => item.Type).ShouldBe(["reasoning", "message", "function_call"]);
        events = new ResponseJournal().Attempt().Say("Al").Succeed(ResponseJournal.Result("All.")).Read();
        Text(events).ShouldBe("All.");
    }

    [Fact]
    public void A_later_attempt_that_says_the_same_goes_on_from_there()
    {
        var events = new ResponseJournal().Attempt().Think("Hm").Say("Hello").Attempt().Think("H").Think("m").Say("Hel").Say("lo, you")
            .Succeed(ResponseJournal.Result("Hello, you", "Hm")).Read();
        Text(events).ShouldBe("Hello, you");
        events.Count(one => one.Type == "response.output_item.added").ShouldBe(2);
        events[^1].Response!.Output[1].Content![0].Text.ShouldBe("Hello, you");
    }

    [Fact]
    public void An_answer_that_was_found_as_a_whole_continues_what_was_said_of_it()
    {
        var events = new ResponseJournal().Attempt().Say("Hello").Attempt().Succeed(ResponseJournal.Result("Hello, you")).Read();
        Text(events).ShouldBe("Hello, you");
        events[^1].Response!.Output.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Help yourself")]
    [InlineData("He")]
    [InlineData("Other")]
    public void A_later_attempt_that_says_something_else_begins_anew(string answer)
    {
        var events = new ResponseJournal().Attempt().Say("Hello").Attempt().Say(answer[..2]).Say(answer[2..])
            .Succeed(ResponseJournal.Result(answer)).Read();
        var done = events.Where(one => one.Type == "response.output_item.done").ToList();
        done.Select(one => (one.OutputIndex, one.Item!.Status, one.Item.Content![0].Text)).ShouldBe(
            [(0, "incomplete", "Hello"), (1, "completed", answer)]);
        events[^1].Response!.Output.ShouldBe([done[1].Item!]);
        done[0].Item!.Id.ShouldNotBe(done[1].Item!.Id);
    }

    [Theory]
    [InlineData(WorkStates.Failed, "upstream_cut", "response.failed", "failed")]
    [InlineData(WorkStates.Expired, "expired", "response.failed", "failed")]
    [InlineData(WorkStates.Lost, "turn_lost", "response.failed", "failed")]
    [InlineData(WorkStates.Cancelled, null, "response.incomplete", "cancelled")]
    public void What_came_of_an_answer_without_an_end_stays(string state, string? error, string type, string status)
    {
        var events = new ResponseJournal().Attempt().Say("Hel").End(state, error: error).Read();
        var last = events[^1];
        (last.Type, last.Response!.Status, last.Response.Error?.Code).ShouldBe((type, status, error));
        (last.Response.Output[0].Status, last.Response.Output[0].Content![0].Text).ShouldBe(("incomplete", "Hel"));
    }

    [Fact]
    public void An_answer_that_was_cut_for_its_length_says_so()
    {
        var last = new ResponseJournal().Attempt().Say("Hel").Succeed(ResponseJournal.Result("Hel", reason: "length")).Read()[^1];
        (last.Type, last.Response!.Status, last.Response.IncompleteDetails!.Reason).ShouldBe(
            ("response.incomplete", "incomplete", "max_output_tokens"));
    }

    [Fact]
    public void Whatever_an_agent_writes_is_read()
    {
        var events = new ResponseJournal().Attempt().Write("tool_calls", "rubbish\n").Write("tool_calls", """[{"function":{"name":7}}]""")
            .Write("notes", "{}").Say("Well").Succeed(ResponseJournal.Result("Well")).Read();
        Text(events).ShouldBe("Well");
    }

    /// <summary>What clients add up from the events is what the response says in the end, whatever the attempts said.</summary>
    [Fact]
    public void Events_add_up_to_the_response_and_are_the_same_for_every_reader()
    {
        var random = new Random(10);
        for (var trial = 0; trial < 300; trial++)
        {
            var journal = Any(random);
            var events = journal.Read();
            events.Select(Write).ShouldBe(journal.Read().Select(Write));
            events.Select(one => one.SequenceNumber).ShouldBe(Enumerable.Range(0, events.Count).Select(number => (long)number));
            var items = new List<string>();
            foreach (var one in events)
            {
                if (one.Type == "response.output_item.added")
                    items.Add("");
                if (one.OutputIndex is { } index)
                    index.ShouldBe(items.Count - 1);
                items = one.Delta is null ? items : [.. items[..^1], items[^1] + one.Delta];
            }

            var output = events[^1].Response!.Output;
            items.TakeLast(output.Count).ShouldBe(output.Select(TextOf));
            events.Count(one => one.Type == "response.output_item.done").ShouldBe(items.Count);
        }
    }

    private static ResponseJournal Any(Random random)
    {
        var journal = new ResponseJournal(background: random.Next(2) == 0);
        var (answer, thinking, calls) = ("", "", (string?)null);
        for (var attempts = random.Next(1, 4); attempts > 0; attempts--)
        {
            (answer, thinking, calls) = ("", "", null);
            journal.Attempt();
            for (var pieces = random.Next(5); pieces > 0; pieces--)
            {
                var piece = random.Next(2) == 0 ? "a" : "ab";
                if (random.Next(4) == 0)
                    (thinking, _) = (thinking + piece, journal.Think(piece));
                else if (calls is null && random.Next(6) == 0)
                    (calls, _) = (ResponseJournal.CallsOf(piece, "{}"), journal.Call(piece, "{}"));
                else
                    (answer, _) = (answer + piece, journal.Say(piece));
            }
        }

        return random.Next(4) == 0
            ? journal.End(WorkStates.Failed, error: "upstream_cut")
            : journal.Succeed(ResponseJournal.Result(answer + (random.Next(2) == 0 ? "" : "c"), thinking, calls));
    }

    private static string TextOf(ResponseItem item) => item.Content?[0].Text ?? item.Summary?[0].Text ?? item.Arguments!;

    private static string Write(ResponseEvent one) => JsonSerializer.Serialize(one, Response.Json);

    private static string Text(IEnumerable<ResponseEvent> events) =>
        string.Concat(events.Where(one => one.Type == "response.output_text.delta").Select(one => one.Delta));
}
