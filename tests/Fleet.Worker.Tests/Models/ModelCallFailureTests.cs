using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.EchoModel;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Models;

/// <summary>Whatever an upstream does, the attempt ends with a code, and a sentence that a person understands.</summary>
public sealed class ModelCallFailureTests
{
    [Theory]
    [InlineData("ollama", EchoFault.Cut, 2, "upstream_cut", "one two")]
    [InlineData("openai", EchoFault.Cut, 2, "upstream_cut", "one two")]
    [InlineData("ollama", EchoFault.Unfinished, 2, "upstream_cut", "one two")]
    [InlineData("openai", EchoFault.Unfinished, 2, "upstream_cut", "one two")]
    [InlineData("ollama", EchoFault.Silent, 0, "upstream_silence", "")]
    [InlineData("ollama", EchoFault.Silent, 1, "upstream_silence", "one")]
    [InlineData("openai", EchoFault.Silent, 1, "upstream_silence", "one")]
    [InlineData("ollama", EchoFault.OutOfMemory, 0, "upstream_error", "")]
    [InlineData("openai", EchoFault.OutOfMemory, 0, "upstream_error", "")]
    [InlineData("ollama", EchoFault.Rubbish, 0, "upstream_rubbish", "")]
    [InlineData("openai", EchoFault.Rubbish, 0, "upstream_rubbish", "")]
    [InlineData("ollama", EchoFault.Rubbish, 2, "upstream_rubbish", "one two")]
    [InlineData("ollama", EchoFault.Error, 1, "upstream_error", "one")]
    [InlineData("openai", EchoFault.Error, 1, "upstream_error", "one")]
    [InlineData("ollama", EchoFault.Reset, 0, "upstream_unreachable", "")]
    [InlineData("openai", EchoFault.Reset, 0, "upstream_unreachable", "")]
    public async Task A_fault_has_its_code_and_what_was_said_before_stays(
        string protocol, string fault, int afterWords, string code, string said)
    {
        await using var calls = await ModelCalls.Start(protocol, upstream =>
            upstream.SilenceSeconds = fault == EchoFault.Silent ? 3 : 60);
        calls.Echo.Script.Set(new EchoBehaviour(Fault: fault, AfterWords: afterWords));
        var heard = await calls.Ask("one two three");

        heard.Result.Outcome.ShouldBe(AttemptOutcome.Failed);
        heard.Result.ErrorCode.ShouldBe(code);
        heard.Result.ErrorMessage.ShouldNotBeNull().ShouldContain("there");
        heard.Result.IsFinal.ShouldBeFalse();
        heard.Content.ShouldBe(said);
    }

    [Theory]
    [InlineData(400, "upstream_refused", true)]
    [InlineData(422, "upstream_refused", true)]
    [InlineData(401, "upstream_denied", false)]
    [InlineData(404, "upstream_error", false)]
    [InlineData(429, "upstream_busy", false)]
    [InlineData(500, "upstream_error", false)]
    [InlineData(502, "upstream_unreachable", false)]
    [InlineData(503, "upstream_unreachable", false)]
    [InlineData(504, "upstream_silence", false)]
    public async Task A_status_has_its_code_and_the_upstreams_own_sentence(int status, string code, bool isFinal)
    {
        foreach (var protocol in (string[])["ollama", "openai"])
        {
            await using var calls = await ModelCalls.Start(protocol);
            calls.Echo.Script.Set(new EchoBehaviour(Fault: EchoFault.Status, Status: status, Error: "it is how it is"));
            var result = (await calls.Ask("hello")).Result;

            result.ErrorCode.ShouldBe(code, protocol);
            result.ErrorMessage.ShouldNotBeNull().ShouldContain("it is how it is");
            result.IsFinal.ShouldBe(isFinal);
        }
    }

    [Fact]
    public async Task Nobody_there_is_known_at_once_and_the_upstream_counts_as_away()
    {
        await using var calls = await ModelCalls.Start("ollama");
        await calls.Upstreams.Look(default);
        await calls.Echo.Down();
        var heard = await calls.Ask("hello");

        heard.Result.ErrorCode.ShouldBe("upstream_unreachable");
        var report = calls.Upstreams.Reports.ShouldHaveSingleItem();
        report.IsReachable.ShouldBeFalse();
        report.Models.Count.ShouldBe(3, "what it had is still known");
        await calls.Echo.Up();
        (await calls.Ask("hello")).Content.ShouldBe("hello");
    }

    [Fact]
    public async Task A_model_that_is_gone_is_an_attempt_and_makes_the_agent_look()
    {
        await using var calls = await ModelCalls.Start("openai");
        var heard = await calls.Ask(ModelCalls.Chat("hello", "gone"));

        heard.Result.ErrorCode.ShouldBe("model_not_found");
        heard.Result.IsFinal.ShouldBeFalse();
        await calls.Upstreams.LookDue.Wait(default).Within();
    }

    [Fact]
    public async Task Slow_is_no_fault()
    {
        await using var calls = await ModelCalls.Start("ollama", upstream => upstream.SilenceSeconds = 3);
        calls.Echo.Script.Set(new EchoBehaviour(FirstDelayMs: 700, WordDelayMs: 700));
        (await calls.Ask("one two three four")).Content.ShouldBe("one two three four");
    }

    [Fact]
    public async Task What_is_too_long_is_ended_and_not_asked_again()
    {
        await using var calls = await ModelCalls.Start("ollama", also: settings => settings.MaxAnswerBytes = 2000);
        calls.Echo.Script.Set(new EchoBehaviour(Words: 5000));
        var heard = await calls.Ask("hello");

        heard.Result.ErrorCode.ShouldBe("answer_too_long");
        heard.Result.IsFinal.ShouldBeTrue();
        await Eventually.True(() => calls.Echo.Counts.Generating == 0, "the upstream is hung up on");
    }

    [Fact]
    public async Task What_only_Ollama_knows_is_refused_for_others()
    {
        await using var calls = await ModelCalls.Start("openai");
        var result = (await calls.Ask(new InferenceSpec("generate", "echo", Prompt: "def", Suffix: "end"))).Result;
        result.ErrorCode.ShouldBe("upstream_refused");
        result.IsFinal.ShouldBeTrue();
    }

    [Theory]
    [InlineData(StopReason.Cancelled, "cancelled")]
    [InlineData(StopReason.AgentStopping, "agent_stopped")]
    [InlineData(StopReason.LeaseLost, "lease_lost")]
    public async Task Who_stops_a_call_hangs_up_on_the_upstream(object reason, string code)
    {
        await using var calls = await ModelCalls.Start("ollama");
        calls.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 20, Words: 100_000));
        calls.WhenSaid = said => calls.Stop.Ask((StopReason)reason, TimeSpan.Zero);
        var heard = await calls.Ask("hello").Within();

        heard.Result.ErrorCode.ShouldBe(code);
        heard.Content.ShouldStartWith("w1");
        await Eventually.True(() => calls.Echo.Counts.Generating == 0, "the upstream is hung up on");
        calls.Echo.Counts.Aborted.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_ended()
    {
        await using var calls = await ModelCalls.Start("ollama");
        calls.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 20, Words: 100_000));
        var result = (await calls.Ask(ModelCalls.Chat("hello"), timeoutSeconds: 1).Within()).Result;
        result.Outcome.ShouldBe(AttemptOutcome.TimedOut);
        result.ErrorCode.ShouldBe("timeout");
    }
}
