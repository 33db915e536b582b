using System.Text.Json;

namespace Fleet.Control.Chat;

/// <summary>A question as clients ask it: <c>POST /v1/conversations/{id}/turns</c>. What may be left out has a default.</summary>
internal class TurnRequest
{
    public required string Text { get; init; }

    /// <summary>That of the conversation where it is left out.</summary>
    public string? Model { get; init; }

    /// <summary>The name of the upstream that is to answer; that of the conversation where it is left out.</summary>
    public string? Upstream { get; init; }

    /// <summary>An object that says where the user is: data, never instructions.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>The answer is not longer than this many tokens.</summary>
    public int? MaxTokens { get; init; }

    public int? MaxAttempts { get; init; }

    /// <summary>Whether the question is asked again when its answer was lost on the way and cannot be found.</summary>
    public bool? AskAgain { get; init; }
}

/// <summary>Another question in the place of one: <c>POST /v1/turns/{id}/branch</c>.</summary>
internal sealed class BranchRequest
{
    public required string Text { get; init; }
}

/// <summary>A question that somebody else than a client asks, as schedules do.</summary>
internal sealed class PlannedTurnRequest : TurnRequest
{
    /// <summary>Where it is asked; a new conversation each time where it is left out.</summary>
    public string? ConversationId { get; init; }
}
