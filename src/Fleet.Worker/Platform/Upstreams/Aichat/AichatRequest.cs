using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>A turn as aichat reads it. What it has no word for is refused, unless it only tunes the answer.</summary>
internal static class AichatRequest
{
    /// <summary>Paliad gives an upstream that does not know the conversation as much of it, and no more.</summary>
    private const int MostPrimers = 10;
    private const int LongestPrimer = 600;

    /// <exception cref="ArgumentException">There is no word for it.</exception>
    public static ReadOnlyMemory<byte> Of(TurnSpec turn, string persona)
    {
        using var body = new JsonBodyWriter();
        body.Json.WriteStartObject();
        body.Text("persona", persona.Length > 0 ? persona : null);
        body.Text("username", turn.UserName);
        body.Text("user_id", turn.UserId);
        body.Text("message", Question(turn));
        body.Text("instructions", turn.Instructions);
        body.Text("conversation_id", turn.UpstreamConversation);
        body.Raw("context", turn.ContextJson);
        if (turn.UpstreamConversation is null)
            Primer(body, turn.History ?? []);
        body.Json.WriteEndObject();
        return body.End();
    }

    /// <summary>What the user asks, as one text.</summary>
    /// <exception cref="ArgumentException">It is more than that.</exception>
    public static string Question(TurnSpec turn)
    {
        if (turn.ToolsJson is not (null or "[]") || turn.FormatJson is not (null or "\"\""))
            throw new ArgumentException("aichat knows neither tools of others nor formats.");
        if (turn.Question.Any(message => message.Role != "user" || message.Images is { Count: > 0 }))
            throw new ArgumentException("aichat is asked by users, in words alone.");
        return string.Join("\n\n", turn.Question.Select(message => message.Content));
    }

    /// <summary>The list of a user's conversations.</summary>
    public static string Conversations(string persona, string userName, string userId) =>
        $"chat/conversations?persona={Uri.EscapeDataString(persona)}&username={Uri.EscapeDataString(userName)}"
        + $"&user_id={Uri.EscapeDataString(userId)}";

    public static string Turns(string conversation) => $"chat/conversations/{Uri.EscapeDataString(conversation)}/turns";

    /// <exception cref="ArgumentException">It is no chat.</exception>
    public static TurnSpec TurnOf(InferenceSpec call, string user)
    {
        if (call is not { Operation: "chat", Messages: [.., { Role: "user" } question] messages })
            throw new ArgumentException("aichat only chats: the last message is the user's.");
        return new TurnSpec(
            [question],
            "",
            user,
            user,
            call.Model,
            messages is [{ Role: "system" } system, ..] ? system.Content : null,
            History: [.. messages.SkipLast(1).Where(message => message.Role is "user" or "assistant")],
            ToolsJson: call.ToolsJson,
            FormatJson: call.FormatJson);
    }

    private static void Primer(JsonBodyWriter body, IReadOnlyList<ChatMessage> history)
    {
        var last = history
            .Where(message => message.Role is "user" or "assistant" && message.Content.Length > 0)
            .TakeLast(MostPrimers)
            .ToList();
        if (last.Count == 0)
            return;
        body.Json.WriteStartArray("primer");
        foreach (var message in last)
        {
            body.Json.WriteStartObject();
            body.Text("role", message.Role);
            body.Text("content", Cut(message.Content));
            body.Json.WriteEndObject();
        }

        body.Json.WriteEndArray();
    }

    private static string Cut(string text) => text.Length <= LongestPrimer
        ? text
        : text[..(char.IsHighSurrogate(text[LongestPrimer - 1]) ? LongestPrimer - 1 : LongestPrimer)] + "…";
}
