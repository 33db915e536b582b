using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Responses;

/// <summary>Ids of responses and of what they consist of: all are made of the id of the turn.</summary>
internal static class ResponseIds
{
    public const string Message = "msg";
    public const string Reasoning = "rs";
    public const string Call = "fc";
    public const string CallOutput = "fco";

    private const string Response = "resp";
    private const string Conversation = "conv";

    public static string OfResponse(Guid turn) => $"{Response}_{WireId.Format(turn)}";

    public static string OfConversation(Guid conversation) => $"{Conversation}_{WireId.Format(conversation)}";

    /// <param name="index">Its place in the output.</param>
    public static string OfItem(string prefix, Guid turn, int index) =>
        $"{prefix}_{WireId.Format(turn)}{(index == 0 ? "" : $"_{index}")}";

    /// <param name="index">Its place in the input.</param>
    public static string OfInput(string prefix, Guid turn, int index) => $"{prefix}_{WireId.Format(turn)}_in{index}";

    /// <summary>The id without what stands before it; null where it is none of a response.</summary>
    public static string? TurnOfResponse(string id) => Strip(id, Response);

    /// <summary>Also the id as the native API writes it.</summary>
    public static string ConversationOf(string id) => Strip(id, Conversation) ?? id;

    /// <summary>The turn that an item of an output belongs to; null where the id is none of an item.</summary>
    public static Guid? TurnOfItem(string id) =>
        id.Split('_') is [Message or Reasoning or Call, { } turn, ..] && WireId.TryParse(turn, out var found) ? found : null;

    private static string? Strip(string id, string prefix) =>
        id.StartsWith($"{prefix}_", StringComparison.Ordinal) ? id[(prefix.Length + 1)..] : null;
}
