using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;

namespace Fleet.Control.Tests.Chat;

/// <summary>The way of a turn from its question to its end: one sentence for each thing that is not as with all work.</summary>
public sealed class TurnLifecycleTests(TurnHarness trial) : IClassFixture<TurnHarness>
{
    [Fact]
    public async Task A_question_takes_the_next_place_and_gives_the_conversation_its_title()
    {
        var conversation = await trial.Conversation();
        var first = await conversation.Ask("  What is the answer to the ultimate question of life, the universe, and everything else there is?\nSay");
        var second = await conversation.Ask("And?");
        (first.Row.Number, second.Row.Number, first.Row.ConversationId).ShouldBe((1, 2, conversation.Id));
        second.Row.CreatedAt.ShouldBeGreaterThan(first.Row.CreatedAt);
        var row = await conversation.Row();
        (row.Turns, row.Title).ShouldBe((2, "What is the answer to the ultimate question of life, the universe, and…"));
        first.View.State.ShouldBe("queued");
    }

    [Fact]
    public async Task A_turn_is_told_of_those_before_it_as_they_are_when_it_starts()
    {
        var conversation = await trial.Conversation();
        var first = await conversation.Ask("one?");
        var second = await conversation.Ask("two?");
        await first.Begin();
        await first.Succeed("1");
        var (_, spec) = await second.Begin();
        spec.History!.Select(message => $"{message.Role} {message.Content}").ShouldBe(["user one?", "assistant 1"]);
        spec.Question.Single().Content.ShouldBe("two?");
    }

    [Fact]
    public async Task What_a_turn_is_told_of_is_bounded_and_the_latest_counts()
    {
        var conversation = await trial.Conversation();
        for (var number = 1; number <= 5; number++)
            await conversation.Answered($"q{number}", new string('a', 5000));
        var (_, spec) = await (await conversation.Ask("more?")).Begin();
        spec.History!.Where(message => message.Role == "user").Select(message => message.Content).ShouldBe(["q3", "q4", "q5"]);
        spec.History!.Sum(message => message.Content.Length).ShouldBeLessThanOrEqualTo(trial.Settings.MemoryTokens * 4);
    }

    [Fact]
    public async Task An_attempt_after_a_lost_one_is_told_when_the_upstream_was_asked_and_starts_the_text_anew()
    {
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?", askAgain: true);
        var (first, asked) = await turn.Begin();
        (asked.AskedBefore, asked.AskAgain, first.TimeoutSeconds).ShouldBe((null, true, 1800));
        await turn.Write("half an ans");
        turn.Now = turn.Now.AddSeconds(100);
        await turn.Lose();
        var (second, again) = await turn.Begin();
        (again.AskedBefore, again.AskAgain, second.TimeoutSeconds).ShouldBe((TurnHarness.Start, true, 1700));
        await turn.Write("whole");
        await turn.Succeed("whole");
        turn.View.Answer.ShouldBe("whole");
        var deltas = turn.Events.Where(one => one.Name == "delta")
            .Select(one => (one.Data.GetProperty("text").GetString(), one.Data.GetProperty("attempt").GetInt32()));
        deltas.ShouldBe([("half an ans", 1), ("whole", 2)]);
        turn.Events.Where(one => one.Name == "state").Select(one => (
                one.Data.GetProperty("to").GetString(), one.Data.GetProperty("attempt").GetInt32()))
            .ShouldBe([("queued", 0), ("queued", 1), ("streaming", 1), ("queued", 1), ("queued", 2), ("streaming", 2), ("completed", 2)]);
    }

    [Fact]
    public async Task An_answer_that_is_not_to_be_found_is_lost_and_what_came_of_it_stays()
    {
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?");
        await turn.Begin();
        await turn.Write("half an ans");
        await turn.Lose();
        await turn.Begin();
        await turn.Fail(TurnErrors.Lost);
        (turn.Row.State, turn.View.State, turn.View.Answer, turn.View.Error!.Code).ShouldBe(("Lost", "lost", "half an ans", "turn_lost"));
        turn.History.Count(type => type == "end").ShouldBe(1);
        var exchange = await conversation.Exchange(turn);
        (exchange.State, exchange.Answer).ShouldBe(("lost", "half an ans"));
        (await turn.Succeed("late")).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upstream_that_took_no_call_is_not_asked_for_an_answer()
    {
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?");
        await turn.Begin();
        await turn.Fail(AttemptErrors.UpstreamUnreachable);
        await turn.Say(new Fleet.Contracts.Work.RetryDue(turn.Id, TurnSpec.Kind), turn.Row.RetryToken);
        var (_, spec) = await turn.Begin();
        spec.AskedBefore.ShouldBeNull();
    }

    [Theory]
    [InlineData(LossReasons.NotAccepted, false)]
    [InlineData(LossReasons.AgentLost, true)]
    public async Task An_attempt_that_never_said_that_it_began_may_have_asked_unless_it_was_never_taken(string reason, bool mayHaveAsked)
    {
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?");
        await turn.Assign();
        await turn.Lose(reason);
        turn.Row.State.ShouldBe("Queued");
        (await turn.Begin()).Spec.AskedBefore.ShouldBe(mayHaveAsked ? TurnHarness.Start : null);
    }

    [Fact]
    public async Task A_turn_that_is_stopped_or_fails_keeps_what_came_of_its_answer()
    {
        var conversation = await trial.Conversation();
        var stopped = await conversation.Ask("?");
        await stopped.Begin();
        await stopped.Write("so f", "content");
        await stopped.Write("hm", "thinking");
        await stopped.Cancel();
        stopped.View.State.ShouldBe("streaming");
        await stopped.Finish(new AttemptResult(AttemptOutcome.Cancelled));
        (stopped.View.State, stopped.View.Answer, stopped.View.Thinking).ShouldBe(("cancelled", "so f", "hm"));

        var failed = await conversation.Ask("??");
        await failed.Begin();
        await failed.Write("a beginning");
        await failed.Fail("upstream_refused", isFinal: true);
        (failed.View.State, failed.View.Answer, failed.View.Error!.Code).ShouldBe(("failed", "a beginning", "upstream_refused"));

        var (_, spec) = await (await conversation.Ask("???")).Begin();
        spec.History!.Select(message => message.Content).ShouldBe(["?", "so f", "??", "a beginning"]);
    }

    [Fact]
    public async Task Another_answer_takes_the_place_of_the_former_one()
    {
        var conversation = await trial.Conversation();
        var first = await conversation.Answered("one?", "wrong");
        await conversation.Answered("two?", "2");
        var again = await conversation.Ask("one?", retryOf: first.Id);
        again.Row.Number.ShouldBe(1);
        (await again.Begin()).Spec.History.ShouldBeEmpty();
        await again.Succeed("right");
        (await conversation.Exchange(first)).IsReplaced.ShouldBeTrue();
        var (_, spec) = await (await conversation.Ask("three?")).Begin();
        spec.History!.Select(message => message.Content).ShouldBe(["one?", "right", "two?", "2"]);
    }

    [Fact]
    public async Task What_the_upstream_calls_the_conversation_is_remembered_for_that_upstream()
    {
        var conversation = await trial.Conversation();
        var first = await conversation.Ask("?");
        (await first.Begin()).Spec.UpstreamConversation.ShouldBeNull();
        await first.Write("""{"type": "meta", "upstream_conversation": "c-1"}""" + "\n", TurnNote.Stream);
        await first.Lose();
        (await first.Begin()).Spec.UpstreamConversation.ShouldBe("c-1");
        await first.Fail("broken", isFinal: true);
        await conversation.Answered("??", "!", upstreamConversation: "c-2");
        (await (await conversation.Ask("here?")).Begin()).Spec.UpstreamConversation.ShouldBe("c-2");
        (await (await conversation.Ask("elsewhere?")).Begin("another")).Spec.UpstreamConversation.ShouldBeNull();
    }

    [Fact]
    public async Task Wherever_the_agent_cuts_a_text_no_entry_cuts_a_character()
    {
        const string text = "naïve €5 – 日本語 👩‍🚀 end";
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?");
        await turn.Begin();
        foreach (var letter in Encoding.UTF8.GetBytes(text))
            await turn.Write([letter]);
        var pieces = turn.Events.Where(one => one.Name == "delta").Select(one => one.Data.GetProperty("text").GetString()!).ToList();
        string.Concat(pieces).ShouldBe(text);
        pieces.ShouldAllBe(piece => !piece.Contains('\uFFFD'));
        await turn.Fail("broken", isFinal: true);
        turn.View.Answer.ShouldBe(text);
    }

    [Fact]
    public async Task Notes_are_events_and_what_is_none_is_left_out()
    {
        var conversation = await trial.Conversation();
        var turn = await conversation.Ask("?");
        await turn.Begin();
        await turn.Write("""{"type":"heartbeat","elapsed_seconds":5}""" + "\nnonsense\n{\"type\":\"to", TurnNote.Stream);
        await turn.Write("""ol","tool_name":"sql"}""" + "\n", TurnNote.Stream);
        await turn.Write("""{"type":"meta","used_tools":["sql"],"rows_seen":[7],"classifier_tag":"data"}""" + "\n", TurnNote.Stream);
        var events = turn.Events.Where(one => one.Name != "state").ToList();
        events.Select(one => one.Name).ShouldBe(["thinking", "tool", "meta"]);
        events[0].Data.GetProperty("elapsed_seconds").GetInt32().ShouldBe(5);
        events[1].Data.GetProperty("name").GetString().ShouldBe("sql");
        events[2].Data.GetProperty("classifier_tag").GetString().ShouldBe("data");
    }
}
