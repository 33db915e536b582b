using System.Net;
using System.Text.Json;
using Fleet.Contracts.Chat;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>Looks for the answer to a question where it was asked: an answer outlives the connection there.</summary>
internal sealed class AichatConversations(UpstreamHttp http, string persona)
{
    private const int MostLookedInto = 5;

    /// <exception cref="UpstreamException">It cannot say so at the moment.</exception>
    public async Task<FormerAnswer> Find(TurnSpec turn, CancellationToken stop)
    {
        var question = UpstreamJson.Write(http.Name, () => AichatRequest.Question(turn));
        foreach (var conversation in await Candidates(turn, stop))
        {
            var turns = await Get(AichatRequest.Turns(conversation), stop);
            var found = turns is { } rows
                ? UpstreamJson.Read(http.Name, () => AichatTurns.Find(rows, conversation, question, turn.AskedBefore))
                : FormerAnswer.Unknown;
            if (found != FormerAnswer.Unknown)
                return found;
        }

        return FormerAnswer.Unknown;
    }

    /// <summary>The conversation that is known, or else the newest of the user.</summary>
    private async Task<IReadOnlyList<string>> Candidates(TurnSpec turn, CancellationToken stop)
    {
        if (turn.UpstreamConversation is { } known)
            return [known];
        var list = await Get(AichatRequest.Conversations(persona, turn.UserName, turn.UserId), stop);
        return list is not { } conversations ? [] : UpstreamJson.Read<IReadOnlyList<string>>(http.Name, () =>
        [
            .. AichatTurns.Rows(conversations, "conversations")
                .Select(one => AichatFrames.Id(one, "conversation_id") ?? AichatFrames.Id(one, "id"))
                .OfType<string>()
                .Take(MostLookedInto),
        ]);
    }

    /// <summary>Null where there is none.</summary>
    private async Task<JsonElement?> Get(string path, CancellationToken stop)
    {
        try
        {
            var bytes = await http.Get(path, stop);
            using var document = UpstreamJson.Parse(http.Name, bytes);
            return document.RootElement.Clone();
        }
        catch (UpstreamException none) when (none.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
