using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Chat.Responses;

/// <summary>What requests for responses must look like. What cannot be done here is refused.</summary>
internal sealed class ResponseRules() : FieldRules("")
{
    private const int MostInstructions = 256 * 1024;
    private const int MostTokens = 10_000_000;
    private const int MostMetadata = 16;
    private const int MostKey = 64;
    private const int MostValue = 512;
    private const int MostUser = 512;

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high"];

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(ResponseRequest request)
    {
        var rules = new ResponseRules();
        rules.Fields(request);
        rules.Places(request);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    /// <summary>As Ollama has them, see <see cref="TurnSpec.ToolsJson"/>; null where none are to be called.</summary>
    /// <exception cref="ProblemException">They cannot be called here.</exception>
    public static string? Tools(ResponseRequest request)
    {
        var functions = new JsonArray();
        foreach (var (place, tool) in Listed(request.Tools).Index())
        {
            if (ResponseParts.TextOf(tool, "type") != "function")
                throw ResponseParts.Wrong($"tools[{place}].type", "Only a function can be called here.");
            var name = ResponseParts.TextOf(tool, "name");
            if (string.IsNullOrEmpty(name))
                throw ResponseParts.Wrong($"tools[{place}].name", "This is needed.");
            functions.Add(new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = name,
                    ["description"] = ResponseParts.TextOf(tool, "description") ?? "",
                    ["parameters"] = tool.TryGetProperty("parameters", out var given) && given.ValueKind == JsonValueKind.Object
                        ? JsonObject.Create(given)
                        : new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
                },
            });
        }

        return functions.Count > 0 && ToolChoice(request) == "auto" ? functions.ToJsonString() : null;
    }

    /// <exception cref="ProblemException">It is neither <c>auto</c> nor <c>none</c>.</exception>
    public static string ToolChoice(ResponseRequest request) => Given(request.ToolChoice) switch
    {
        null => "auto",
        { ValueKind: JsonValueKind.String } word when word.GetString() is "auto" or "none" => word.GetString()!,
        _ => throw ResponseParts.Wrong("tool_choice", "No model can be made to call a function here: use auto or none."),
    };

    /// <summary>See <see cref="TurnSpec.FormatJson"/>.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static string? Format(ResponseRequest request)
    {
        if (Given(request.Text?.Format) is not { } format)
            return null;
        return ResponseParts.TextOf(format, "type") switch
        {
            "text" => null,
            "json_object" => "\"json\"",
            "json_schema" when format.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Object =>
                schema.GetRawText(),
            "json_schema" => throw ResponseParts.Wrong("text.format.schema", "This must be a JSON schema."),
            _ => throw ResponseParts.Wrong("text.format.type", "Use text, json_object or json_schema."),
        };
    }

    public static string? Think(ResponseRequest request) => request.Reasoning?.Effort switch
    {
        null => null,
        "none" => "false",
        "minimal" => "\"low\"",
        var effort => $"\"{effort}\"",
    };

    public static string? Options(ResponseRequest request)
    {
        var options = new JsonObject();
        if (request.Temperature is { } temperature)
            options["temperature"] = temperature;
        if (request.TopP is { } part)
            options["top_p"] = part;
        return options.Count > 0 ? options.ToJsonString() : null;
    }

    /// <summary>Null for null, and for what is not there.</summary>
    public static JsonElement? Given(JsonElement? element) =>
        element is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given : null;

    private static List<JsonElement> Listed(JsonElement? tools) => Given(tools) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => throw ResponseParts.Wrong("tools", "This must be a list."),
    };

    private void Fields(ResponseRequest request)
    {
        if (request.Model is { } model && (model.Length is 0 or > InferenceRules.MostName || model.Any(char.IsControl)))
            Refuse("model", "This must be the name of a model.");
        Text("instructions", request.Instructions, MostInstructions);
        Text("user", request.User, MostUser);
        Entries("metadata", request.Metadata, MostMetadata, MostValue);
        if (request.Metadata?.Keys.Any(key => key.Length > MostKey) is true)
            Refuse("metadata", $"Names have 1 to {MostKey} characters.");
        if (request.Temperature is < 0 or > 2)
            Refuse("temperature", "This must be a number from 0 to 2.");
        if (request.TopP is < 0 or > 1)
            Refuse("top_p", "This must be a number from 0 to 1.");
        if (request.MaxOutputTokens is { } tokens)
            Between("max_output_tokens", tokens, 1, MostTokens);
        if (request.Reasoning?.Effort is { } effort && !Efforts.Contains(effort))
            Refuse("reasoning.effort", $"Use one of {string.Join(", ", Efforts)}.");
        if (request.Truncation is not (null or "auto" or "disabled"))
            Refuse("truncation", "Use auto or disabled.");
        if (request.TopLogprobs is > 0)
            Refuse("top_logprobs", "Log probabilities are not offered here.");
        if (Given(request.Prompt) is not null)
            Refuse("prompt", "There are no templates here: use instructions and input.");
    }

    private void Places(ResponseRequest request)
    {
        var isInConversation = Given(request.Conversation) is not null;
        if (request is { Background: true, Store: false })
            Refuse("store", "A response in the background is stored: leave store out.");
        if (isInConversation && request.Store is false)
            Refuse("store", "What is asked in a conversation is stored: leave store out.");
        if (isInConversation && request.PreviousResponseId is not null)
            Refuse("conversation", "Use a conversation or a previous response, not both.");
    }
}
