using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Chat;

/// <summary>What questions and conversations must look like. Each rule has a sentence that says what would be right.</summary>
internal sealed class TurnRules() : FieldRules("")
{
    private const int MostTitle = 200;
    private const int MostText = 256 * 1024;
    private const int MostContext = 16 * 1024;
    private const int MostTokens = 10_000_000;
    private const int MostAttempts = 100;

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(TurnRequest turn) => Check(rules =>
    {
        rules.Filled("text", turn.Text, MostText);
        rules.Route(turn.Model, turn.Upstream);
        rules.Context(turn.Context);
        if (turn.MaxTokens is { } tokens)
            rules.Between("max_tokens", tokens, 1, MostTokens);
        if (turn.MaxAttempts is { } attempts)
            rules.Between("max_attempts", attempts, 1, MostAttempts);
    });

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(BranchRequest branch) => Check(rules => rules.Filled("text", branch.Text, MostText));

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(ConversationRequest conversation) => Check(rules =>
    {
        if (conversation.Title is { } title)
            rules.Filled("title", title, MostTitle);
        rules.Route(conversation.Model, conversation.Upstream);
        rules.Context(conversation.Context);
    });

    /// <exception cref="ProblemException">Something is wrong with it.</exception>
    public static void Check(ConversationChange change) => Check(rules => rules.Filled("title", change.Title, MostTitle));

    /// <summary>Null where nothing is given.</summary>
    public static string? ContextOf(JsonElement? context) =>
        context is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : null;

    private static void Check(Action<TurnRules> check)
    {
        var rules = new TurnRules();
        check(rules);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    private void Route(string? model, string? upstream)
    {
        if (model is not null && (model.Length is 0 or > InferenceRules.MostName || model.Any(char.IsControl)))
            Refuse("model", $"This must be the name of a model, with at most {InferenceRules.MostName} characters.");
        if (upstream is not null && !AgentAddress.IsName(upstream))
            Refuse("upstream", "This is not a name that an upstream can have.");
    }

    private void Context(JsonElement? context)
    {
        if (context is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return;
        if (given.ValueKind != JsonValueKind.Object || given.GetRawText().Length > MostContext)
            Refuse("context", $"This must be an object of at most {MostContext} characters.");
    }
}
