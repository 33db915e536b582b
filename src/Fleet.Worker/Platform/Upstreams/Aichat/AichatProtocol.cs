using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>
/// The protocol of paliad's upstream: a turn is a stream of frames, and conversations outlive the connection. It has one
/// model here, which is called as its persona.
/// </summary>
internal sealed class AichatProtocol(UpstreamHttp http, UpstreamSettings settings) : IModelProtocol
{
    private const string UnsupportedStreaming = "unsupported_streaming";
    private const string LookingUser = "fleet";

    private readonly AichatConversations _conversations = new(http, settings.Persona);

    public string Name => "aichat";

    private string Model => settings.Persona.Length > 0 ? settings.Persona : Name;

    public async Task<UpstreamStock> Look(CancellationToken stop)
    {
        var version = await Health(stop);
        return new UpstreamStock([new UpstreamModel(Model)], [Model], version);
    }

    /// <summary>A single call is a turn of a conversation that nobody continues.</summary>
    public IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, CancellationToken stop) =>
        Ask(UpstreamJson.Write(http.Name, () => AichatRequest.TurnOf(call, LookingUser)), stop);

    public async IAsyncEnumerable<ModelPiece> Ask(TurnSpec turn, [EnumeratorCancellation] CancellationToken stop)
    {
        if (turn.Model is { } model && model != Model)
            throw UpstreamException.ModelNotFound(http.Name, $"it is {Model}, and not {model}.");
        using var silence = http.Listening(stop);
        using var answer = await Post(Stream, turn, silence);
        if (answer is null)
        {
            var longest = TimeSpan.FromSeconds(settings.OneShotSeconds);
            yield return new InOnePiece(longest);
            foreach (var piece in await OneShot(turn, longest, stop))
                yield return piece;
            yield break;
        }

        var lines = new AnswerLines(await silence.Listen(over => answer.Content.ReadAsStreamAsync(over)), silence);
        var frames = new EventFrames(lines, http.Name);
        while (await frames.Next() is { } frame)
        {
            var pieces = UpstreamJson.Read(http.Name, () => AichatFrames.Pieces(http.Name, frame));
            foreach (var piece in pieces)
            {
                yield return piece;
                if (piece is Answered)
                    yield break;
            }
        }

        throw UpstreamException.Cut(http.Name, "it ended without saying that it is done.");
    }

    public Task<FormerAnswer> Find(TurnSpec turn, CancellationToken stop) => _conversations.Find(turn, stop);

    /// <summary>A conversation that is gone is begun anew, and told what it was about.</summary>
    private async Task<HttpResponseMessage?> Post(
        Func<ReadOnlyMemory<byte>, Silence, Task<HttpResponseMessage?>> post, TurnSpec turn, Silence silence)
    {
        try
        {
            return await post(Body(turn), silence);
        }
        catch (UpstreamException gone) when (gone.Status == HttpStatusCode.NotFound && turn.UpstreamConversation is not null)
        {
            return await post(Body(turn with { UpstreamConversation = null }), silence);
        }
    }

    private ReadOnlyMemory<byte> Body(TurnSpec turn) =>
        UpstreamJson.Write(http.Name, () => AichatRequest.Of(turn, settings.Persona));

    /// <summary>Null where it cannot stream.</summary>
    private async Task<HttpResponseMessage?> Stream(ReadOnlyMemory<byte> body, Silence silence)
    {
        try
        {
            return await http.Post("chat/turn/stream", body, silence);
        }
        catch (UpstreamException refusal) when (refusal.Status == HttpStatusCode.BadRequest
            && refusal.Said.StartsWith(UnsupportedStreaming, StringComparison.Ordinal))
        {
            return null;
        }
    }

    private async Task<List<ModelPiece>> OneShot(TurnSpec turn, TimeSpan longest, CancellationToken stop)
    {
        using var silence = http.Listening(longest, stop);
        using var answer = await Post(async (body, over) => await http.Post("chat/turn", body, over), turn, silence);
        var bytes = await AnswerBody.Read(answer!, silence, AnswerBody.MostBytes);
        return UpstreamJson.Read(http.Name, () => AichatFrames.Whole(http.Name, bytes));
    }

    /// <summary>What does not tell how it is may still have conversations.</summary>
    private async Task<string?> Health(CancellationToken stop)
    {
        try
        {
            return Check(await http.Get("chat/health", stop));
        }
        catch (UpstreamException failure) when (failure.Code
            is not (AttemptErrors.UpstreamUnreachable or UpstreamException.DeniedCode))
        {
            return Check(await http.Get(AichatRequest.Conversations(settings.Persona, LookingUser, LookingUser), stop));
        }
    }

    private string? Check(byte[] bytes) => UpstreamJson.Read(http.Name, () =>
    {
        using var said = UpstreamJson.Parse(http.Name, bytes);
        return said.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? UpstreamJson.Text(said.RootElement, "version")
            : throw UpstreamException.Rubbish(http.Name, "it tells nothing of itself.");
    });
}
