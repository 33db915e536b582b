using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// The output of a response as it grows, and the events that tell of it. One item is open at a time; what comes of another
/// kind closes it.
/// </summary>
internal sealed class ResponseOutput(Guid turn)
{
    private readonly List<ResponseItem> _items = [];
    private readonly StringBuilder _text = new();
    private int _first;
    private bool _isOpen;

    /// <summary>What counts of it; the last item may not be complete.</summary>
    public IReadOnlyList<ResponseItem> Items =>
        _isOpen ? [.. _items[_first..^1], WithText(Open, ResponseStatus.InProgress)] : _items[_first..];

    private ResponseItem Open => _items[^1];

    private int Index => _items.Count - 1;

    public IEnumerable<ResponseEvent> Add(SaidPart said)
    {
        if (said.Call is { } call)
        {
            var arguments = call.Arguments.ValueKind == JsonValueKind.Undefined ? "{}" : call.Arguments.GetRawText();
            return [.. Close(), .. Begin(ResponseIds.Call, ResponseItem.FunctionCall, call), .. Write(arguments), .. Close()];
        }

        return said.Stream == TurnPieces.Thinking
            ? [.. Enter(ResponseIds.Reasoning, ResponseItem.Reasoning), .. Write(said.Text)]
            : [.. Enter(ResponseIds.Message, ResponseItem.Message), .. Write(said.Text)];
    }

    /// <summary>What was said so far does not count: the answer begins anew behind it.</summary>
    public IEnumerable<ResponseEvent> Abandon()
    {
        var events = Close(ResponseStatus.Incomplete);
        _first = _items.Count;
        return events;
    }

    /// <summary>Nothing is added to the open item any more.</summary>
    public IReadOnlyList<ResponseEvent> Close(string status = ResponseStatus.Completed)
    {
        if (!_isOpen)
            return [];
        var (item, text) = (WithText(Open, status), _text.ToString());
        _items[Index] = item;
        _isOpen = false;
        var done = new ResponseEvent("response.output_item.done") { OutputIndex = Index, Item = item };
        return item.Type switch
        {
            ResponseItem.Message =>
            [
                InContent("response.output_text.done") with { Text = text, Logprobs = [] },
                InContent("response.content_part.done") with { Part = item.Content![0] },
                done,
            ],
            ResponseItem.Reasoning =>
            [
                InSummary("response.reasoning_summary_text.done") with { Text = text },
                InSummary("response.reasoning_summary_part.done") with { Part = item.Summary![0] },
                done,
            ],
            _ => [OfItem("response.function_call_arguments.done") with { Name = item.Name, Arguments = text }, done],
        };
    }

    private IEnumerable<ResponseEvent> Enter(string prefix, string type) =>
        _isOpen && Open.Type == type ? [] : [.. Close(), .. Begin(prefix, type)];

    private List<ResponseEvent> Begin(string prefix, string type, ToolCall? call = null)
    {
        var id = ResponseIds.OfItem(prefix, turn, _items.Count);
        _items.Add(type switch
        {
            ResponseItem.Message => new ResponseItem(id, type, ResponseStatus.InProgress, "assistant", []),
            ResponseItem.Reasoning => new ResponseItem(id, type, ResponseStatus.InProgress, Summary: []),
            _ => new ResponseItem(id, type, ResponseStatus.InProgress)
            {
                CallId = call!.Id ?? ResponseIds.OfItem("call", turn, _items.Count),
                Name = call.Name,
                Arguments = "",
            },
        });
        _isOpen = true;
        _text.Clear();
        var added = new ResponseEvent("response.output_item.added") { OutputIndex = Index, Item = Open };
        return type switch
        {
            ResponseItem.Message => [added, InContent("response.content_part.added") with { Part = ResponsePart.Said("") }],
            ResponseItem.Reasoning =>
                [added, InSummary("response.reasoning_summary_part.added") with { Part = ResponsePart.Thought("") }],
            _ => [added],
        };
    }

    private ResponseEvent[] Write(string text)
    {
        _text.Append(text);
        var delta = Open.Type switch
        {
            ResponseItem.Message => InContent("response.output_text.delta") with { Logprobs = [] },
            ResponseItem.Reasoning => InSummary("response.reasoning_summary_text.delta"),
            _ => OfItem("response.function_call_arguments.delta"),
        };
        return [delta with { Delta = text }];
    }

    private ResponseItem WithText(ResponseItem item, string status) => item.Type switch
    {
        ResponseItem.Message => item with { Status = status, Content = [ResponsePart.Said(_text.ToString())] },
        ResponseItem.Reasoning => item with { Status = status, Summary = [ResponsePart.Thought(_text.ToString())] },
        _ => item with { Status = status, Arguments = _text.ToString() },
    };

    private ResponseEvent InContent(string type) => OfItem(type) with { ContentIndex = 0 };

    private ResponseEvent InSummary(string type) => OfItem(type) with { SummaryIndex = 0 };

    private ResponseEvent OfItem(string type) => new(type) { OutputIndex = Index, ItemId = Open.Id };
}
