using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.Worker.Attempts;
using Fleet.Worker.Chat;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Tests.Support;

/// <summary>An echo of every model, and the executor that has it answer turns over HTTP.</summary>
internal sealed class TurnCalls : IAsyncDisposable
{
    public const string User = "key-1";
    private const string Persona = "assistant";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly TurnExecutor _executor;
    private readonly ConcurrentDictionary<string, string> _said = new();

    private TurnCalls(EchoServer echo, WorkerSettings settings, WatchedClock? clock)
    {
        Echo = echo;
        Upstreams = new UpstreamRegistry(settings);
        _executor = new TurnExecutor(Upstreams, settings, clock ?? TimeProvider.System);
    }

    public EchoServer Echo { get; }

    public UpstreamRegistry Upstreams { get; }

    public StopSignal Stop { get; private set; } = new();

    /// <summary>What came so far.</summary>
    public string Content => _said.GetValueOrDefault("content", "");

    public IReadOnlyList<TurnNote> Notes => NotesOf(_said.GetValueOrDefault(TurnNote.Stream, ""));

    public IReadOnlyList<EchoConversation> Conversations => Echo.Conversations.Of(Persona, User);

    public static async Task<TurnCalls> Start(
        string protocol = "aichat", WatchedClock? clock = null, Action<WorkerSettings>? adjust = null)
    {
        var echo = await EchoServer.Start();
        var upstream = new UpstreamSettings { Url = echo.Url, Protocol = protocol, Persona = Persona };
        var settings = new WorkerSettings { Upstreams = { ["there"] = upstream } };
        adjust?.Invoke(settings);
        return new TurnCalls(echo, settings, clock);
    }

    public static TurnSpec Turn(string text) => new([new ChatMessage("user", text)], "conversation-1", User, "Ann");

    public void Behave(AichatBehaviour aichat, string? fault = null, int afterWords = 0) =>
        Echo.Script.Set(new EchoBehaviour(Fault: fault, AfterWords: afterWords, Aichat: aichat));

    public Task<HeardTurn> Ask(string text) => Ask(Turn(text));

    /// <summary>Begins anew to hear, with each question.</summary>
    public async Task<HeardTurn> Ask(TurnSpec turn, int? timeoutSeconds = null)
    {
        _said.Clear();
        Stop = new StopSignal();
        var key = new AttemptKey(Guid.CreateVersion7(), TurnSpec.Kind, 1);
        var attempt = new AttemptContext(
            key, SpecJson.Write(turn), timeoutSeconds, "there", AttemptDirectory.At("/not/there", key), Stop);
        var (said, result) = await _executor.Run(attempt).Hear((stream, text) => _said[stream] = text);
        return new HeardTurn(
            said,
            result,
            result.ResultJson is { } json ? JsonSerializer.Deserialize<TurnResult>(json, Json) : null,
            NotesOf(said.GetValueOrDefault(TurnNote.Stream, "")));
    }

    public async ValueTask DisposeAsync()
    {
        Upstreams.Dispose();
        await Echo.DisposeAsync();
    }

    private static List<TurnNote> NotesOf(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<TurnNote>(line, Json)!),
    ];
}

/// <summary>All that a turn said, and how it ended.</summary>
internal sealed record HeardTurn(
    IReadOnlyDictionary<string, string> Said, AttemptResult Result, TurnResult? Answer, IReadOnlyList<TurnNote> Notes)
{
    public string Content => Said.GetValueOrDefault("content", "");

    public IEnumerable<int?> Beats(bool upstream) => Notes
        .Where(note => note.Type == TurnNote.Heartbeat && (note.Upstream ?? false) == upstream)
        .Select(note => note.ElapsedSeconds);
}
