using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// What a response adds to the specification of its turn: it is kept with that, and goes with that. Agents do not get it.
/// </summary>
/// <param name="Model">As the caller named it.</param>
/// <param name="Input">A list of items, each with an id.</param>
internal sealed record ResponseTerms(
    string? Model,
    bool Background,
    bool Store,
    string? PreviousResponseId,
    JsonElement Input,
    JsonElement? Tools,
    string ToolChoice,
    JsonElement? Format,
    string? Verbosity,
    ResponseReasoning? Reasoning,
    double? Temperature,
    double? TopP,
    bool ParallelToolCalls,
    Dictionary<string, string?> Metadata,
    string? User)
{
    private const string Field = "response";

    /// <summary>Null where the turn is no response.</summary>
    public static ResponseTerms? Of(Turn turn)
    {
        using var spec = JsonDocument.Parse(turn.Spec);
        return spec.RootElement.TryGetProperty(Field, out var terms) ? terms.Deserialize<ResponseTerms>(OllamaAnswer.Json) : null;
    }

    /// <summary>The specification with these terms.</summary>
    public string AddTo(string spec)
    {
        var json = JsonNode.Parse(spec)!.AsObject();
        json[Field] = JsonSerializer.SerializeToNode(this, OllamaAnswer.Json);
        return json.ToJsonString(OllamaAnswer.Json);
    }
}

/// <summary>A turn that was asked as a response.</summary>
internal sealed record AskedResponse(Turn Turn, TurnSpec Spec, ResponseTerms Terms)
{
    /// <summary>Null where the turn is no response.</summary>
    public static AskedResponse? Of(Turn turn) => ResponseTerms.Of(turn) is { } terms
        ? new AskedResponse(turn, SpecJson.Read<TurnSpec>(turn.Spec), terms)
        : null;
}
