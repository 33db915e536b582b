using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// Reads an event stream byte by byte, as https://html.spec.whatwg.org/multipage/server-sent-events.html has it: an
/// event counts when the empty line behind it has come, and so does its id.
/// </summary>
internal sealed class EventParser
{
    private readonly List<byte> _line = [];
    private readonly StringBuilder _data = new();
    private string _type = "message";
    private string? _id;

    /// <summary>The id of the last whole event.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>What the server said about coming back, in milliseconds.</summary>
    public int? Retry { get; private set; }

    public IEnumerable<JournalEvent> Read(ReadOnlyMemory<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var letter = bytes.Span[i];
            if (letter != '\n')
            {
                _line.Add(letter);
                continue;
            }

            var line = Encoding.UTF8.GetString([.. _line]);
            _line.Clear();
            if (Take(line) is { } whole)
                yield return whole;
        }
    }

    private JournalEvent? Take(string line)
    {
        if (line.Length == 0)
            return Dispatch();
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 2)..]);
        switch (field)
        {
            case "id":
                _id = value;
                break;
            case "event":
                _type = value;
                break;
            case "data":
                _data.Append(value);
                break;
            case "retry":
                Retry = int.Parse(value, CultureInfo.InvariantCulture);
                break;
        }

        return null;
    }

    private JournalEvent? Dispatch()
    {
        if (_data.Length == 0)
            return null;
        using var data = JsonDocument.Parse(_data.ToString());
        var whole = new JournalEvent(long.Parse(_id!, CultureInfo.InvariantCulture), _type, data.RootElement.Clone());
        LastEventId = _id;
        _type = "message";
        _data.Clear();
        return whole;
    }
}
