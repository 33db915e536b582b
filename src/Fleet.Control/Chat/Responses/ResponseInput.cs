using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Chat.Responses;

/// <summary>Reads what a model is asked: a text, or items that are messages, calls of functions and what these gave.</summary>
/// <param name="turn">Names the items.</param>
/// <param name="known">Items of earlier responses by id, to which the input may refer.</param>
/// <param name="called">Names of functions that were called before, by the id of the call.</param>
internal sealed class ResponseInput(
    Guid turn, IReadOnlyDictionary<string, ResponseItem> known, IReadOnlyDictionary<string, string> called)
{
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["user"] = "user",
        ["assistant"] = "assistant",
        ["system"] = "system",
        ["developer"] = "system", // the newer word
    };

    private readonly Dictionary<string, string> _called = new(called);
    private readonly List<ChatMessage> _messages = [];
    private readonly JsonArray _items = [];
    private readonly List<ResponseItem> _calls = [];

    /// <summary>As the model is told.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>As it is shown to who asks for it later.</summary>
    public JsonElement Items => JsonSerializer.SerializeToElement(_items);

    /// <summary>Whether it brings what a function gave that an earlier response called.</summary>
    public bool Continues { get; private set; }

    /// <summary>Ids of the items to which an input refers.</summary>
    public static IEnumerable<string> References(JsonElement? input) => input is { ValueKind: JsonValueKind.Array } items
        ? items.EnumerateArray().Where(item => TypeOf(item) == "item_reference")
            .Select(item => ResponseParts.TextOf(item, "id")).OfType<string>()
        : [];

    /// <exception cref="ProblemException">It cannot be read, or nothing is asked.</exception>
    public void Read(JsonElement? input)
    {
        switch (input)
        {
            case { ValueKind: JsonValueKind.String } text:
                Add(JsonSerializer.SerializeToElement(new { role = "user", content = text }), "input");
                break;
            case { ValueKind: JsonValueKind.Array } items:
                foreach (var (place, item) in items.EnumerateArray().Index())
                    Add(item, $"input[{place}]");
                EndCalls();
                break;
            default:
                throw ResponseParts.Wrong("input", "This must be a text or a list of items.");
        }

        if (!_messages.Any(message => message.Role is "user" or "tool"))
            throw ResponseParts.Wrong("input", "A message of the user, or what a function gave, is needed.");
    }

    /// <summary>What an assistant called, as one message.</summary>
    public static ChatMessage Calls(IEnumerable<ResponseItem> calls, string content = "") => new(
        "assistant",
        content,
        ToolCallsJson: JsonSerializer.Serialize(calls.Select(call => new
        {
            id = call.CallId,
            function = new { name = call.Name, arguments = JsonSerializer.Deserialize<JsonElement>(call.Arguments!) },
        })));

    private static string? TypeOf(JsonElement item) => ResponseParts.TextOf(item, "type")
        ?? (ResponseParts.TextOf(item, "role") is not null ? ResponseItem.Message : null);

    private void Add(JsonElement item, string field)
    {
        switch (TypeOf(item))
        {
            case ResponseItem.Message:
                Message(item, field);
                Keep(item, ResponseIds.Message, ResponseItem.Message);
                break;
            case ResponseItem.FunctionCall:
                _calls.Add(Call(item, field));
                Keep(item, ResponseIds.Call, ResponseItem.FunctionCall);
                break;
            case "function_call_output":
                Output(item, field);
                Keep(item, ResponseIds.CallOutput, "function_call_output");
                break;
            case ResponseItem.Reasoning:
                break; // no model is told what it thought
            case "item_reference":
                Add(JsonSerializer.SerializeToElement(Referred(item, field), Response.Json), field);
                break;
            default:
                throw ResponseParts.Wrong(
                    $"{field}.type", "Use message, function_call, function_call_output, reasoning or item_reference.");
        }
    }

    private void Message(JsonElement item, string field)
    {
        EndCalls();
        if (ResponseParts.TextOf(item, "role") is not { } word || !Roles.TryGetValue(word, out var role))
            throw ResponseParts.Wrong($"{field}.role", $"Use one of {string.Join(", ", Roles.Keys)}.");
        if (!item.TryGetProperty("content", out var content))
            throw ResponseParts.Wrong($"{field}.content", "This is needed.");
        var parts = ResponseParts.Read(content, field == "input" ? field : $"{field}.content");
        _messages.Add(new ChatMessage(role, parts.Text, Images: parts.Images));
    }

    private ResponseItem Call(JsonElement item, string field)
    {
        var (id, name) = (ResponseParts.TextOf(item, "call_id"), ResponseParts.TextOf(item, "name"));
        if (id is null)
            throw ResponseParts.Wrong($"{field}.call_id", "This is needed.");
        if (string.IsNullOrEmpty(name))
            throw ResponseParts.Wrong($"{field}.name", "This is needed.");
        var arguments = ResponseParts.TextOf(item, "arguments");
        if (JsonText.ReadObject(arguments) is null)
            throw ResponseParts.Wrong($"{field}.arguments", "This must be a JSON object as a text.");
        _called[id] = name;
        return new ResponseItem("", ResponseItem.FunctionCall, ResponseStatus.Completed, CallId: id, Name: name, Arguments: arguments);
    }

    private void Output(JsonElement item, string field)
    {
        EndCalls();
        if (ResponseParts.TextOf(item, "call_id") is not { } id || !_called.TryGetValue(id, out var name))
            throw ResponseParts.Wrong($"{field}.call_id", "No function was called with this id.");
        if (!item.TryGetProperty("output", out var output))
            throw ResponseParts.Wrong($"{field}.output", "This is needed.");
        Continues |= called.ContainsKey(id);
        var parts = ResponseParts.Read(output, $"{field}.output");
        _messages.Add(new ChatMessage("tool", parts.Text, Images: parts.Images, ToolName: name, ToolCallId: id));
    }

    private ResponseItem Referred(JsonElement item, string field) =>
        ResponseParts.TextOf(item, "id") is { } id && known.TryGetValue(id, out var found)
            ? found
            : throw ResponseParts.Wrong($"{field}.id", "There is no such item.");

    /// <summary>Calls that follow each other, and what was said before them, are one message.</summary>
    private void EndCalls()
    {
        if (_calls.Count == 0)
            return;
        var content = "";
        if (_messages is [.., { Role: "assistant", ToolCallsJson: null } said])
        {
            content = said.Content;
            _messages.RemoveAt(_messages.Count - 1);
        }

        _messages.Add(Calls(_calls, content));
        _calls.Clear();
    }

    private void Keep(JsonElement item, string prefix, string type)
    {
        var kept = JsonObject.Create(item)!;
        kept["id"] = ResponseIds.OfInput(prefix, turn, _items.Count);
        kept["type"] = type;
        kept["status"] = ResponseStatus.Completed;
        if (kept["content"] is JsonValue text)
        {
            var part = ResponseParts.TextOf(item, "role") == "assistant" ? "output_text" : "input_text";
            kept["content"] = new JsonArray(new JsonObject { ["type"] = part, ["text"] = text.DeepClone() });
        }

        _items.Add(kept);
    }
}
