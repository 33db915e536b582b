using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.EchoModel;
using Fleet.Worker.Attempts;
using Fleet.Worker.Models;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Tests.Support;

/// <summary>An echo of every model, and the executor that asks it over HTTP.</summary>
internal sealed class ModelCalls : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ModelCallExecutor _executor;

    private ModelCalls(EchoServer echo, WorkerSettings settings)
    {
        Echo = echo;
        Upstreams = new UpstreamRegistry(settings);
        _executor = new ModelCallExecutor(Upstreams, settings, TimeProvider.System);
    }

    public EchoServer Echo { get; }

    public UpstreamRegistry Upstreams { get; }

    public StopSignal Stop { get; } = new();

    /// <summary>Called with what came so far, whenever something comes.</summary>
    public Action<string>? WhenSaid { get; set; }

    public static async Task<ModelCalls> Start(string protocol, Action<UpstreamSettings>? adjust = null, Action<WorkerSettings>? also = null)
    {
        var echo = await EchoServer.Start();
        var upstream = new UpstreamSettings { Url = echo.Url, Protocol = protocol };
        adjust?.Invoke(upstream);
        var settings = new WorkerSettings { Upstreams = { ["there"] = upstream } };
        also?.Invoke(settings);
        return new ModelCalls(echo, settings);
    }

    public static InferenceSpec Chat(string text, string model = "echo") => new("chat", model, [new ChatMessage("user", text)]);

    public Task<Heard> Ask(string text) => Ask(Chat(text));

    public async Task<Heard> Ask(InferenceSpec call, int? timeoutSeconds = null)
    {
        var (said, result) = await _executor.Run(Context(call, timeoutSeconds)).Hear((_, text) => WhenSaid?.Invoke(text));
        return new Heard(said, result, Answer(result));
    }

    public async ValueTask DisposeAsync()
    {
        Upstreams.Dispose();
        await Echo.DisposeAsync();
    }

    private AttemptContext Context(InferenceSpec call, int? timeoutSeconds)
    {
        var key = new AttemptKey(Guid.CreateVersion7(), InferenceSpec.Kind, 1);
        return new AttemptContext(
            key, SpecJson.Write(call), timeoutSeconds, "there", AttemptDirectory.At("/not/there", key), Stop);
    }

    private static InferenceResult? Answer(AttemptResult result) =>
        result.ResultJson is { } json ? JsonSerializer.Deserialize<InferenceResult>(json, Json) : null;
}

/// <summary>All that an attempt said, and how it ended.</summary>
internal sealed record Heard(IReadOnlyDictionary<string, string> Said, AttemptResult Result, InferenceResult? Answer)
{
    public string Content => Said.GetValueOrDefault("content", "");
}
