using System.Text.Json;

namespace Fleet.Control.Chat.Conversations;

/// <summary>A conversation as clients ask for it: <c>POST /v1/conversations</c>. All of it may be left out.</summary>
internal sealed class ConversationRequest
{
    /// <summary>Without one, the first question gives it.</summary>
    public string? Title { get; init; }

    public string? Model { get; init; }

    /// <summary>The name of the upstream that is to answer.</summary>
    public string? Upstream { get; init; }

    /// <summary>An object that says where the user is: data, never instructions.</summary>
    public JsonElement? Context { get; init; }
}

/// <summary>What may be changed of a conversation: <c>PATCH /v1/conversations/{id}</c>.</summary>
internal sealed class ConversationChange
{
    public required string Title { get; init; }
}
