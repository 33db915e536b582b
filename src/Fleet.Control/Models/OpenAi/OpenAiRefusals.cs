using System.Text.Json;

namespace Fleet.Control.Models.OpenAi;

/// <summary>
/// What changes an answer and cannot be done here: passed over silently, the caller would take another answer for the one
/// that was asked for.
/// </summary>
internal static class OpenAiRefusals
{
    private const string NoProbabilities = "Log probabilities are not offered here.";

    public static void Check(OpenAiChatRequest request)
    {
        CheckBoth(request);
        Refuse("logprobs", request.Logprobs is true, NoProbabilities);
        Refuse("top_logprobs", request.TopLogprobs > 0, NoProbabilities);
        Refuse("functions", IsSaid(request.Functions), "Use tools, which took its place.");
        Refuse("function_call", IsSaid(request.FunctionCall), "Use tools and tool_choice, which took its place.");
        Refuse(
            "parallel_tool_calls", request.ParallelToolCalls is false && IsSaid(request.Tools),
            "A model calls as many tools at once as it likes here: leave it out, or use true.");
        Refuse("modalities", !IsText(request.Modalities), "Only text is made here.");
        Refuse("audio", IsSaid(request.Audio), "Only text is made here.");
        Refuse("web_search_options", IsSaid(request.WebSearchOptions), "No model searches the web here.");
    }

    public static void Check(OpenAiCompletionRequest request)
    {
        CheckBoth(request);
        Refuse("echo", request.Echo is true, "The prompt is not given back here.");
        Refuse("best_of", request.BestOf is > 1, "One answer is made here: leave it out, or use 1.");
        Refuse("logprobs", request.Logprobs is not null, NoProbabilities);
    }

    private static void CheckBoth(OpenAiRequest request)
    {
        Refuse("n", request.N is not (null or 1), "One answer is made here: leave n out, or use 1.");
        Refuse("logit_bias", IsSaid(request.LogitBias), "The odds of single tokens cannot be changed here.");
    }

    /// <summary>Null, and an empty object or list, ask for nothing.</summary>
    private static bool IsSaid(JsonElement? value) => value is { } said && said.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => false,
        JsonValueKind.Object => said.EnumerateObject().Any(),
        JsonValueKind.Array => said.GetArrayLength() > 0,
        _ => true,
    };

    private static bool IsText(JsonElement? modalities) => !IsSaid(modalities)
        || (modalities is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() == "text"));

    private static void Refuse(string field, bool isAsked, string sentence)
    {
        if (isAsked)
            throw OpenAiSpecs.Wrong(field, sentence);
    }
}
