using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Conversations;

/// <summary>A conversation as its owner sees it.</summary>
/// <param name="Turns">How many questions were asked.</param>
/// <param name="ChangedAt">When the last of them was.</param>
/// <param name="BranchOf">The conversation whose beginning it shares.</param>
internal sealed record ConversationView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid ConversationId,
    string? Title,
    string? Model,
    string? Upstream,
    JsonElement? Context,
    int Turns,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? BranchOf,
    ConversationLinksView Links)
{
    public static string PathOf(Guid conversation) => $"/v1/conversations/{WireId.Format(conversation)}";

    public static ConversationView Of(Conversation conversation) => new(
        conversation.CorrelationId,
        conversation.Title,
        conversation.Model,
        conversation.Upstream,
        conversation.Context is null ? null : JsonSerializer.Deserialize<JsonElement>(conversation.Context),
        conversation.Turns,
        conversation.CreatedAt,
        conversation.ChangedAt,
        conversation.BranchOf,
        new ConversationLinksView(PathOf(conversation.CorrelationId), $"{PathOf(conversation.CorrelationId)}/turns"));
}

/// <summary>Paths of the conversation and its turns.</summary>
internal sealed record ConversationLinksView(string Self, string Turns);
