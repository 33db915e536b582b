using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Models.Support;

/// <summary>A call as its agent has it: the test says what the model says.</summary>
internal sealed class TestCall(Guid job, Task<HttpResponseMessage> answer, TestControl control)
{
    private const string Agent = "worker-1";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private int _attempt;

    public Guid Job => job;

    public Task<HttpResponseMessage> Answer => answer;

    public async Task Begin()
    {
        await control.Raise(job, new AssignWork(job, JobKinds.Noop, Agent, Guid.NewGuid()));
        await control.Raise(job, new AttemptStarted(job, JobKinds.Noop, ++_attempt, Agent));
    }

    public Task Say(string text) => Write("content", Encoding.UTF8.GetBytes(text));

    public Task Write(string stream, string text) => Write(stream, Encoding.UTF8.GetBytes(text));

    public Task Write(string stream, byte[] bytes) =>
        control.Raise(job, new AttemptOutput(job, JobKinds.Noop, _attempt, Agent, [new OutputChunk(stream, bytes)]));

    public Task End(string content, string? tools = null, string? thinking = null, string reason = "stop") => End(new InferenceResult(
        "echo:latest", DateTimeOffset.UnixEpoch, new ChatMessage("assistant", content, thinking, ToolCallsJson: tools),
        DoneReason: reason, Upstream: "u", PromptTokens: 7, CompletionTokens: 3, FirstTokenMs: 1, TotalMs: 2.5, LoadMs: 0.5,
        PromptMs: 0.25, CompletionMs: 1));

    public Task End(InferenceResult result) =>
        Finish(new AttemptResult(AttemptOutcome.Succeeded, ResultJson: JsonSerializer.Serialize(result, Json)));

    public Task Fail(string code, string sentence) =>
        Finish(new AttemptResult(AttemptOutcome.Failed, ErrorCode: code, ErrorMessage: sentence));

    /// <summary>The attempt breaks off, and the next one begins at once.</summary>
    public async Task BreakOff()
    {
        await control.Raise(job, new AttemptLost(job, JobKinds.Noop, _attempt, "agent_lost"));
        await Begin();
    }

    private Task Finish(AttemptResult result) => control.Raise(job, new AttemptFinished(job, JobKinds.Noop, _attempt, Agent, result));
}
