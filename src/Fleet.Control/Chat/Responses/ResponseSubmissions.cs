using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Responses;

/// <summary>Takes in responses: each is a turn before anything is answered.</summary>
internal sealed class ResponseSubmissions(
    IdempotentWork once,
    TurnSubmissions turns,
    TurnLimits limits,
    IModelDirectory models,
    ConversationQueries conversations,
    ResponseReader reader,
    ChatSettings settings,
    DatabaseClock clock)
{
    /// <summary>Bytes of a specification as JSON: a message of the broker holds it with room to spare.</summary>
    private const int MostSpec = 12 * 1024 * 1024;

    /// <returns>The turn, and whether the same request made it before.</returns>
    /// <exception cref="ProblemException">It was not taken.</exception>
    public async Task<(Guid Turn, bool IsRepeated)> Submit(Request by, ResponseRequest wanted, CancellationToken stop)
    {
        ResponseRules.Check(wanted);
        await limits.Check(by.Caller.KeyId, stop);
        var turn = WireId.New();
        var previous = await Previous(wanted, by.Caller, stop);
        var conversation = await Conversation(wanted, by.Caller, stop);
        var model = await Model(wanted.Model ?? previous?.Spec.Model, by.Caller.Tenant, stop);
        var said = previous is null ? [] : (await reader.Read(previous, stop)).Output;
        var input = await Read(turn, wanted, said, by.Caller, stop);
        var terms = Terms(wanted, input.Items);
        var spec = Spec(wanted, Question(input, previous, said), model, by.Caller);
        var place = new ResponsePlace(previous, conversation?.CorrelationId, by.Caller, model, GoesAt(terms));
        var answer = await once.Run(by, [RowRef.New<Turn>(turn), .. place.Rows], async unit =>
        {
            var found = await place.Find(unit);
            var own = spec with { Conversation = WireId.Format(found.CorrelationId) };
            var work = turns.Draft(found, own, upstream: null, settings.MaxAttempts);
            await unit.Raise(work with { WorkId = turn, SpecJson = terms.AddTo(work.SpecJson), Wire = WorkWires.OpenAi });
            return new Answer(200, JsonSerializer.Serialize(ResponseIds.OfResponse(turn)));
        }, stop);
        return answer.IsReplay ? (TurnOf(answer), true) : (turn, false);
    }

    private async Task<AskedResponse?> Previous(ResponseRequest wanted, Caller caller, CancellationToken stop)
    {
        if (wanted.PreviousResponseId is not { } id)
            return null;
        return await reader.Find(id, caller, stop) ?? throw new ProblemException(new ProblemResult(
            400, "previous_response_not_found", $"Previous response with id '{id}' not found.")
        {
            Errors = new Dictionary<string, string[]> { ["previous_response_id"] = ["There is none."] },
        });
    }

    private async Task<Conversation?> Conversation(ResponseRequest wanted, Caller caller, CancellationToken stop)
    {
        if (ResponseRules.Given(wanted.Conversation) is not { } named)
            return null;
        var id = named.ValueKind == JsonValueKind.String ? named.GetString() : ResponseParts.TextOf(named, "id");
        if (id is null)
            throw ResponseParts.Wrong("conversation", "This must be the id of a conversation, or an object with it.");
        return await conversations.Find(ResponseIds.ConversationOf(id), caller.KeyId, stop)
            ?? throw new ProblemException(Problem.NotFound("conversation") with
            {
                Errors = new Dictionary<string, string[]> { ["conversation"] = ["There is none."] },
            });
    }

    /// <summary>The name to ask by: the caller's own where the upstream takes it, else the one that it has.</summary>
    private async Task<string?> Model(string? model, string tenant, CancellationToken stop)
    {
        if (model is null)
            return null;
        var known = await models.Find(model, tenant, stop) ?? throw new ProblemException(new ProblemResult(
            404, "model_not_found", $"model '{model}' not found")
        {
            Errors = new Dictionary<string, string[]> { ["model"] = ["No agent has it."] },
        });
        return ModelName.Short(known.Name) == model ? model : known.Name;
    }

    private async Task<ResponseInput> Read(
        Guid turn, ResponseRequest wanted, IReadOnlyList<ResponseItem> said, Caller caller, CancellationToken stop)
    {
        var known = new Dictionary<string, ResponseItem>();
        foreach (var owner in ResponseInput.References(wanted.Input).Select(ResponseIds.TurnOfItem).OfType<Guid>().Distinct())
        {
            if (await reader.Find(ResponseIds.OfResponse(owner), caller, stop) is not { } asked)
                continue;
            foreach (var item in (await reader.Read(asked, stop)).Output)
                known[item.Id] = item;
        }

        var input = new ResponseInput(
            turn, known, said.Where(item => item.CallId is not null).ToDictionary(item => item.CallId!, item => item.Name!));
        input.Read(wanted.Input);
        return input;
    }

    /// <summary>What functions gave needs the question in front of it in which they were called.</summary>
    private static IReadOnlyList<ChatMessage> Question(
        ResponseInput input, AskedResponse? previous, IReadOnlyList<ResponseItem> said)
    {
        if (!input.Continues)
            return input.Messages;
        var isRemembered = said.Any(item => item.Type == ResponseItem.Message);
        return
        [
            .. isRemembered ? [] : previous!.Spec.Question,
            ResponseInput.Calls(said.Where(item => item.Type == ResponseItem.FunctionCall)),
            .. input.Messages,
        ];
    }

    private static ResponseTerms Terms(ResponseRequest wanted, JsonElement input) => new(
        wanted.Model,
        wanted.Background is true,
        wanted.Store is not false,
        wanted.PreviousResponseId,
        input,
        ResponseRules.Given(wanted.Tools),
        ResponseRules.ToolChoice(wanted),
        ResponseRules.Given(wanted.Text?.Format),
        wanted.Text?.Verbosity,
        wanted.Reasoning,
        wanted.Temperature,
        wanted.TopP,
        wanted.ParallelToolCalls is not false,
        wanted.Metadata ?? [],
        wanted.User);

    private TurnSpec Spec(ResponseRequest wanted, IReadOnlyList<ChatMessage> question, string? model, Caller caller)
    {
        var spec = new TurnSpec(
            question,
            Conversation: "",
            WireId.Format(caller.KeyId),
            caller.Name,
            model,
            wanted.Instructions,
            MaxTokens: wanted.MaxOutputTokens,
            ToolsJson: ResponseRules.Tools(wanted),
            FormatJson: ResponseRules.Format(wanted),
            OptionsJson: ResponseRules.Options(wanted),
            ThinkJson: ResponseRules.Think(wanted),
            AskAgain: settings.AskAgain);
        return Encoding.UTF8.GetByteCount(SpecJson.Write(spec)) <= MostSpec
            ? spec
            : throw new ProblemException(Problem.TooLargeAsJson(MostSpec));
    }

    /// <summary>Whoever waits for a response that is not stored takes it away; this is for a process that dies meanwhile.</summary>
    private DateTimeOffset? GoesAt(ResponseTerms terms) =>
        terms.Store ? null : clock.Now.AddSeconds((2 * settings.TimeoutSeconds) + settings.CleanupSeconds);

    private static Guid TurnOf(Answer stored) =>
        ResponseIds.TurnOfResponse(JsonSerializer.Deserialize<string>(stored.Json)!) is { } text && WireId.TryParse(text, out var turn)
            ? turn
            : throw new InvalidOperationException("A stored answer names no response.");
}
