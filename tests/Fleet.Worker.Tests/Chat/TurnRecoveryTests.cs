using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Chat;

/// <summary>An answer whose stream was lost is looked for where it was asked, before the question is asked again.</summary>
public sealed class TurnRecoveryTests
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(5);

    private readonly DateTimeOffset _asked = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_was_finished_without_its_stream_is_found(bool knowsConversation)
    {
        await using var calls = await TurnCalls.Start();
        var known = (await calls.Ask("before")).Answer.ShouldNotBeNull().UpstreamConversation;
        calls.Behave(new AichatBehaviour(Tools: ["search"], Rows: [2]), EchoFault.Cut, afterWords: 2);
        var turn = TurnCalls.Turn("one two three") with { UpstreamConversation = knowsConversation ? known : null };
        (await calls.Ask(turn)).Content.ShouldBe("one two");
        calls.Echo.Counts.Clear();
        var heard = await calls.Ask(turn with { AskedBefore = _asked }).Within();

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        heard.Content.ShouldBe("one two three");
        var answer = heard.Answer.ShouldNotBeNull();
        answer.Recovered.ShouldBeTrue();
        answer.Streamed.ShouldBeFalse();
        answer.UsedTools.ShouldBe(["search"]);
        answer.UpstreamConversation.ShouldBe(calls.Conversations[0].Id);
        calls.Echo.Counts.Calls.ShouldBeEmpty("it is not asked again");
    }

    [Fact]
    public async Task An_answer_in_work_is_waited_for_and_the_turn_shows_that_it_lives()
    {
        var clock = new WatchedClock();
        await using var calls = await TurnCalls.Start(clock: clock);
        await Broken(calls, new AichatBehaviour(LateMs: null), "question");
        var asking = calls.Ask(TurnCalls.Turn("question") with { AskedBefore = _asked });
        await clock.Pass(3);
        await clock.Pass(2);
        await Eventually.True(() => calls.Notes.Count == 1, "it is noted that the turn lives");
        calls.Conversations[0].Turns[0].Finish("the late answer");
        await clock.PassUntilOver(asking, 3);
        var heard = await asking.Within();

        heard.Content.ShouldBe("the late answer");
        heard.Answer.ShouldNotBeNull().Recovered.ShouldBeTrue();
        heard.Beats(upstream: false).ShouldBe([5]);
    }

    [Fact]
    public async Task An_upstream_that_is_away_is_asked_less_and_less_often()
    {
        var clock = new WatchedClock();
        await using var calls = await TurnCalls.Start(clock: clock, adjust: settings => settings.TurnBeatSeconds = 1000);
        await Broken(calls, new AichatBehaviour(), "question");
        await calls.Echo.Down();
        var asking = calls.Ask(TurnCalls.Turn("question") with { AskedBefore = _asked });
        foreach (var pause in (int[])[6, 12, 24, 30, 30])
            await clock.Pass(pause);
        await calls.Echo.Up();
        await clock.PassUntilOver(asking, 30);
        (await asking.Within()).Content.ShouldBe("question");
    }

    [Theory]
    [InlineData("aichat")]
    [InlineData("ollama")]
    [InlineData("openai")]
    public async Task What_nobody_knows_is_lost_or_asked_again_as_the_turn_wants_it(string protocol)
    {
        await using var calls = await TurnCalls.Start(protocol);
        await Broken(calls, new AichatBehaviour(Forgets: true), "question");
        var turn = TurnCalls.Turn("question") with { AskedBefore = _asked - LongAgo };
        var lost = await calls.Ask(turn).Within();
        var again = await calls.Ask(turn with { AskAgain = true }).Within();

        lost.Result.ErrorCode.ShouldBe(TurnErrors.Lost);
        lost.Result.IsFinal.ShouldBeTrue();
        lost.Content.ShouldBe("");
        again.Content.ShouldBe("question");
        again.Answer.ShouldNotBeNull().Recovered.ShouldBeFalse();
    }

    [Fact]
    public async Task An_upstream_that_does_not_know_a_young_question_is_asked_once_more()
    {
        var clock = new WatchedClock();
        await using var calls = await TurnCalls.Start(clock: clock);
        var asking = calls.Ask(TurnCalls.Turn("question") with { AskedBefore = clock.GetUtcNow() });
        await clock.Awaited(3);
        calls.Echo.Conversations.Begin("assistant", TurnCalls.User).Ask("question").Finish("the answer");
        await clock.Pass(3);
        (await asking.Within()).Content.ShouldBe("the answer");
    }

    [Fact]
    public async Task A_question_that_others_followed_will_not_be_answered()
    {
        await using var calls = await TurnCalls.Start();
        await Broken(calls, new AichatBehaviour(LateMs: null), "question");
        calls.Conversations[0].Ask("another").Finish("indeed");
        var turn = TurnCalls.Turn("question") with { AskedBefore = _asked };
        (await calls.Ask(turn).Within()).Result.ErrorCode.ShouldBe(TurnErrors.Lost);
    }

    [Fact]
    public async Task The_same_question_of_another_time_or_user_is_another_question()
    {
        await using var calls = await TurnCalls.Start();
        await calls.Ask("question");
        var later = TurnCalls.Turn("question") with { AskedBefore = _asked + LongAgo };
        var other = TurnCalls.Turn("question") with { AskedBefore = _asked - LongAgo, UserId = "key-2" };

        var clock = new WatchedClock(_asked + LongAgo + LongAgo);
        await using var afterwards = await TurnCalls.Start(clock: clock);
        await afterwards.Ask("question");
        (await afterwards.Ask(later).Within()).Result.ErrorCode.ShouldBe(TurnErrors.Lost);
        (await calls.Ask(other).Within()).Result.ErrorCode.ShouldBe(TurnErrors.Lost);
    }

    [Fact]
    public async Task A_stop_ends_the_search_too()
    {
        var clock = new WatchedClock();
        await using var calls = await TurnCalls.Start(clock: clock);
        await Broken(calls, new AichatBehaviour(LateMs: null), "question");
        var asking = calls.Ask(TurnCalls.Turn("question") with { AskedBefore = _asked });
        await clock.Pass(3);
        calls.Stop.Ask(Fleet.Worker.Platform.InHand.StopReason.Cancelled, TimeSpan.Zero);
        (await asking.Within()).Result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
    }

    /// <summary>A former attempt, whose stream was cut before anything was said; what follows goes well.</summary>
    private static async Task Broken(TurnCalls calls, AichatBehaviour aichat, string question)
    {
        calls.Behave(aichat, EchoFault.Unfinished, afterWords: 0);
        (await calls.Ask(question)).Result.Outcome.ShouldBe(AttemptOutcome.Failed);
        calls.Echo.Script.Clear();
    }
}
