using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Chat;

/// <summary>Whatever an upstream does not say, the turn shows that it lives, and does not wait for ever.</summary>
public sealed class TurnSilenceTests
{
    private const int BeatsBeforeTheLimit = 17;

    private readonly WatchedClock _clock = new();

    [Theory]
    [InlineData("ollama")]
    [InlineData("openai")]
    [InlineData("aichat")]
    public async Task Silence_is_bridged_every_5_s_and_ends_the_turn_after_90(string protocol)
    {
        await using var calls = await TurnCalls.Start(protocol, _clock);
        calls.Behave(new AichatBehaviour(), EchoFault.Silent);
        var asking = calls.Ask(TurnCalls.Turn("hello") with { Model = protocol == "aichat" ? null : "echo" });
        await Beats(calls, BeatsBeforeTheLimit);
        asking.IsCompleted.ShouldBeFalse("85 s are not too long");
        await _clock.Pass(5);
        var heard = await asking.Within();

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Failed);
        heard.Result.ErrorCode.ShouldBe(TurnErrors.UpstreamSilence);
        heard.Result.IsFinal.ShouldBeFalse();
        heard.Beats(upstream: false).ShouldBe(Enumerable.Range(1, BeatsBeforeTheLimit).Select(beat => (int?)(5 * beat)));
        await Eventually.True(() => calls.Echo.Counts.Generating == 0, "the upstream is hung up on");
    }

    [Fact]
    public async Task A_heartbeat_of_the_upstream_is_life()
    {
        await using var calls = await TurnCalls.Start(clock: _clock);
        calls.Behave(new AichatBehaviour(Heartbeats: 2, Stepwise: true));
        var asking = calls.Ask("hello");
        for (var beat = 1; beat <= 2; beat++)
        {
            await Beats(calls, BeatsBeforeTheLimit);
            calls.Echo.Step();
            await Eventually.True(
                () => calls.Notes.Count(note => note.Upstream == true) == beat, "the upstream's heartbeat is passed on");
        }

        await Beats(calls, BeatsBeforeTheLimit);
        calls.Echo.Step();
        var heard = await asking.Within();

        heard.Content.ShouldBe("hello");
        heard.Beats(upstream: true).ShouldBe([5, 10]);
        heard.Beats(upstream: false).Count().ShouldBe(3 * BeatsBeforeTheLimit);
        heard.Answer.ShouldNotBeNull().FirstTokenMs.ShouldBe(255_000);
    }

    [Fact]
    public async Task Silence_between_two_words_counts_like_silence_before_the_first_and_what_came_stays()
    {
        await using var calls = await TurnCalls.Start(clock: _clock);
        calls.Behave(new AichatBehaviour(), EchoFault.Silent, afterWords: 2);
        var asking = calls.Ask("one two three");
        await Eventually.True(() => calls.Content == "one two", "two words came");
        await Beats(calls, BeatsBeforeTheLimit);
        await _clock.Pass(5);
        var heard = await asking.Within();

        heard.Result.ErrorCode.ShouldBe(TurnErrors.UpstreamSilence);
        heard.Content.ShouldBe("one two");
    }

    [Fact]
    public async Task An_answer_in_one_piece_may_take_longer_than_silence()
    {
        await using var calls = await TurnCalls.Start(clock: _clock);
        calls.Behave(new AichatBehaviour(Streams: false), EchoFault.Silent);
        var asking = calls.Ask("hello");
        await Eventually.True(() => calls.Echo.Counts.Generating == 1, "it is asked for one piece");
        await Beats(calls, 29);
        asking.IsCompleted.ShouldBeFalse("145 s are not too long");
        await _clock.Pass(5);
        (await asking.Within()).Result.ErrorCode.ShouldBe(TurnErrors.UpstreamSilence);
    }

    [Fact]
    public async Task A_turn_ends_when_its_time_is_over_however_alive_it_is()
    {
        await using var calls = await TurnCalls.Start(clock: _clock);
        calls.Behave(new AichatBehaviour(), EchoFault.Silent);
        var asking = calls.Ask(TurnCalls.Turn("hello"), timeoutSeconds: 60);
        await _clock.Pass(5);
        await _clock.Pass(60);
        var heard = await asking.Within();

        heard.Result.Outcome.ShouldBe(AttemptOutcome.TimedOut);
        heard.Result.ErrorCode.ShouldBe("timeout");
        await Eventually.True(() => calls.Echo.Counts.Generating == 0, "the upstream is hung up on");
    }

    private async Task Beats(TurnCalls calls, int count)
    {
        for (var beat = 0; beat < count; beat++)
        {
            var before = OwnBeats(calls);
            await _clock.Pass(5);
            await Eventually.True(() => OwnBeats(calls) > before, "it is noted that the turn lives");
        }
    }

    private static int OwnBeats(TurnCalls calls) => calls.Notes.Count(note => note is { Type: TurnNote.Heartbeat, Upstream: null });
}
