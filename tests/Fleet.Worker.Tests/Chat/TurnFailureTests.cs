using Fleet.Contracts.Attempts;
using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Chat;

/// <summary>Whatever an upstream does, the turn ends with a code and a sentence, and what was said before stays.</summary>
public sealed class TurnFailureTests
{
    [Theory]
    [InlineData(EchoFault.Cut, 2, "upstream_cut", "one two")]
    [InlineData(EchoFault.Unfinished, 2, "upstream_cut", "one two")]
    [InlineData(EchoFault.Rubbish, 2, "upstream_rubbish", "one two")]
    [InlineData(EchoFault.Rubbish, 0, "upstream_rubbish", "")]
    [InlineData(EchoFault.Error, 1, "shim_error", "one")]
    [InlineData(EchoFault.Reset, 0, "upstream_unreachable", "")]
    [InlineData(EchoFault.Status, 0, "upstream_unreachable", "")]
    [InlineData(EchoFault.OutOfMemory, 0, "upstream_error", "")]
    public async Task A_fault_has_its_code(string fault, int afterWords, string code, string said)
    {
        await using var calls = await TurnCalls.Start();
        calls.Behave(new AichatBehaviour(), fault, afterWords);
        var heard = await calls.Ask("one two three").Within();

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Failed);
        heard.Result.ErrorCode.ShouldBe(code);
        heard.Result.ErrorMessage.ShouldNotBeNull().ShouldContain("there");
        heard.Result.IsFinal.ShouldBeFalse();
        heard.Content.ShouldBe(said);
    }

    [Theory]
    [InlineData("bootstrap_failed", true, "bootstrap_failed", false)]
    [InlineData("bad_question", false, "bad_question", true)]
    [InlineData("upstream_busy", true, "upstream_error", false)]
    [InlineData("turn_lost", true, "upstream_error", false)]
    [InlineData("Not a code\n", true, "upstream_error", false)]
    public async Task An_upstreams_own_code_stays_unless_it_would_decide_here(string own, bool retryable, string code, bool isFinal)
    {
        await using var calls = await TurnCalls.Start();
        calls.Behave(new AichatBehaviour(Code: own, Retryable: retryable), EchoFault.Error, afterWords: 1);
        var result = (await calls.Ask("one two")).Result;

        result.ErrorCode.ShouldBe(code);
        result.IsFinal.ShouldBe(isFinal);
    }

    [Fact]
    public async Task A_stream_that_ends_at_any_byte_is_cut_and_a_beginning_of_the_answer_stays()
    {
        const string whole = "Grüße, 世界 🌍 und alle";
        await using var calls = await TurnCalls.Start();
        var ended = new HashSet<string?>();
        for (var bytes = 0; !ended.Contains(null); bytes++)
        {
            calls.Behave(new AichatBehaviour(CutAfterBytes: bytes), EchoFault.Unfinished);
            var heard = await calls.Ask(whole).Within();
            whole.ShouldStartWith(heard.Content);
            ended.Add(heard.Result.ErrorCode);
            if (heard.Result.ErrorCode is null)
                heard.Content.ShouldBe(whole);
        }

        ended.ShouldBe(["upstream_cut", null]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(120)]
    public async Task A_connection_that_is_reset_at_a_byte_is_cut(int bytes)
    {
        await using var calls = await TurnCalls.Start();
        calls.Behave(new AichatBehaviour(CutAfterBytes: bytes), EchoFault.Cut);
        var heard = await calls.Ask("Grüße, 世界 🌍 und alle").Within();
        heard.Result.ErrorCode.ShouldBe("upstream_cut");
        "Grüße, 世界 🌍 und alle".ShouldStartWith(heard.Content);
    }

    [Theory]
    [InlineData("aichat", StopReason.Cancelled, "cancelled")]
    [InlineData("ollama", StopReason.Cancelled, "cancelled")]
    [InlineData("aichat", StopReason.AgentStopping, "agent_stopped")]
    [InlineData("aichat", StopReason.LeaseLost, "lease_lost")]
    public async Task Who_stops_a_turn_hangs_up_on_the_upstream_and_keeps_what_came(string protocol, object reason, string code)
    {
        await using var calls = await TurnCalls.Start(protocol);
        calls.Echo.Script.Set(new EchoBehaviour(Words: 3, Fault: EchoFault.Silent, AfterWords: 2));
        var asking = calls.Ask("hello");
        await Eventually.True(() => calls.Content == "w1 w2", "two words came");
        calls.Stop.Ask((StopReason)reason, TimeSpan.Zero);
        var heard = await asking.Within();

        heard.Result.ErrorCode.ShouldBe(code);
        heard.Content.ShouldBe("w1 w2");
        await Eventually.True(() => calls.Echo.Counts.Generating == 0, "the upstream is hung up on");
        calls.Echo.Counts.Aborted.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_too_long_is_ended()
    {
        await using var calls = await TurnCalls.Start(adjust: settings => settings.MaxAnswerBytes = 2000);
        calls.Echo.Script.Set(new EchoBehaviour(Words: 5000));
        var heard = await calls.Ask("hello").Within();
        heard.Result.ErrorCode.ShouldBe("answer_too_long");
        heard.Result.IsFinal.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_persona_is_another_model()
    {
        await using var calls = await TurnCalls.Start();
        var result = (await calls.Ask(TurnCalls.Turn("hello") with { Model = "echo" })).Result;
        result.ErrorCode.ShouldBe("model_not_found");
        calls.Echo.Counts.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_aichat_has_no_word_for_is_refused()
    {
        await using var calls = await TurnCalls.Start();
        var result = (await calls.Ask(TurnCalls.Turn("hello") with { ToolsJson = """[{"type":"function"}]""" })).Result;
        result.ErrorCode.ShouldBe("upstream_refused");
        result.IsFinal.ShouldBeTrue();
    }
}
