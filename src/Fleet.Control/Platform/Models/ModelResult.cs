using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Models;

/// <summary>What a model call left, read back from its job.</summary>
internal static class ModelResult
{
    /// <summary>Null where the text is no result of a model call.</summary>
    public static InferenceResult? Read(string? json)
    {
        if (json is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<InferenceResult>(json, FleetJson.Options) is { Model: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null; // agents write results, and not every agent is of the same age
        }
    }

    /// <summary>As foreman's clients know it: Ollama's answer. What is no answer of a model stays as it is.</summary>
    public static string? AsForeman(string? json) => Read(json) is { Message: not null } result
        ? JsonSerializer.Serialize(OllamaAnswer.OfChat(result.Model, result), OllamaAnswer.Json)
        : json;
}
