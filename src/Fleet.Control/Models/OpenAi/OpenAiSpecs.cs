using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Models;
using Fleet.Control.Models.Ollama;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Models.OpenAi;

/// <summary>From what OpenAI's clients write to what agents are told. What cannot be done here is refused.</summary>
internal static class OpenAiSpecs
{
    private static readonly string[] Efforts = ["low", "medium", "high"];

    public static InferenceSpec Chat(OpenAiChatRequest request, string model)
    {
        OpenAiRefusals.Check(request);
        return new InferenceSpec(
            "chat",
            model,
            Messages: OpenAiMessages.Read(request.Messages),
            ToolsJson: Tools(request),
            FormatJson: Format(request.ResponseFormat),
            OptionsJson: Options(request, request.MaxCompletionTokens ?? request.MaxTokens),
            ThinkJson: Think(request.ReasoningEffort));
    }

    public static InferenceSpec Complete(OpenAiCompletionRequest request, string model)
    {
        OpenAiRefusals.Check(request);
        var prompts = OllamaSpecs.Texts(request.Prompt, "prompt");
        return prompts.Count == 1
            ? new InferenceSpec(
                "generate",
                model,
                Prompt: prompts[0],
                Suffix: request.Suffix,
                OptionsJson: Options(request, request.MaxTokens))
            : throw Wrong("prompt", "This must be one text.");
    }

    public static InferenceSpec Embed(OpenAiEmbeddingRequest request, string model)
    {
        if (request.EncodingFormat is not (null or "float" or "base64"))
            throw Wrong("encoding_format", "Use float or base64.");
        if (!CallFields.IsPossible(request.Dimensions))
            throw Wrong("dimensions", $"This must be a whole number from 1 to {CallFields.MostDimensions}.");
        var input = OllamaSpecs.Texts(request.Input, "input");
        return input.Count > 0
            ? new InferenceSpec("embed", model, Input: input, Dimensions: request.Dimensions)
            : throw Wrong("input", "This must be a text or a list of texts.");
    }

    public static ProblemException Wrong(string field, string sentence) => new(ModelRequest.Wrong(field, sentence));

    private static string? Tools(OpenAiChatRequest request)
    {
        var tools = ModelRequest.Raw(request.Tools);
        if (tools is not null && request.Tools!.Value.ValueKind != JsonValueKind.Array)
            throw Wrong("tools", "This must be a list.");
        if (CallFields.NamelessTool(request.Tools) is { } nameless)
            throw Wrong(nameless, "This is needed.");
        return ModelRequest.Raw(request.ToolChoice) switch
        {
            null or "\"auto\"" => tools,
            "\"none\"" => null,
            _ => throw Wrong("tool_choice", "No model can be made to call a tool here: use auto or none."),
        };
    }

    private static string? Format(OpenAiResponseFormat? format) => format?.Type switch
    {
        null or "text" => null,
        "json_object" => "\"json\"",
        "json_schema" when format.JsonSchema is { ValueKind: JsonValueKind.Object } wanted
            && wanted.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Object => schema.GetRawText(),
        "json_schema" => throw Wrong("response_format.json_schema.schema", "This must be a JSON schema."),
        _ => throw Wrong("response_format.type", "Use text, json_object or json_schema."),
    };

    private static string? Think(string? effort) => effort switch
    {
        null => null,
        "none" => "false",
        _ when Efforts.Contains(effort) => $"\"{effort}\"",
        _ => throw Wrong("reasoning_effort", $"Use none, {string.Join(", ", Efforts)}."),
    };

    private static string? Options(OpenAiRequest request, int? mostTokens)
    {
        var options = new JsonObject();
        Add("temperature", request.Temperature);
        Add("top_p", request.TopP);
        Add("frequency_penalty", request.FrequencyPenalty);
        Add("presence_penalty", request.PresencePenalty);
        Add("seed", request.Seed);
        Add("num_predict", mostTokens);
        if (OllamaSpecs.Texts(request.Stop, "stop") is { Count: > 0 } stop)
            options["stop"] = new JsonArray([.. stop.Select(text => JsonValue.Create(text))]);
        return options.Count > 0 ? options.ToJsonString() : null;

        void Add<T>(string name, T? value) where T : struct
        {
            if (value is { } given)
                options[name] = JsonValue.Create(given);
        }
    }
}
