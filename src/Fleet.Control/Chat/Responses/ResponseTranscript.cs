using System.Text;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Chat.Responses;

/// <summary>A part of an answer: of what is said, of what is thought, or a call of a function.</summary>
/// <param name="Stream">One of <see cref="TurnPieces.Streams"/>.</param>
/// <param name="Text">Of a call its name and arguments.</param>
internal sealed record SaidPart(string Stream, string Text, ToolCall? Call = null)
{
    public static SaidPart Of(ToolCall call) => new(TurnPieces.ToolCalls, $"{call.Name} {call.Arguments}", call);
}

/// <summary>
/// What was said, in its order, and how far the present attempt has said it: a later attempt that begins as the former one
/// did goes on from there.
/// </summary>
internal sealed class ResponseTranscript
{
    private readonly List<Part> _parts = [];
    private int _part;
    private int _offset;

    /// <summary>The present attempt has not said all that was said before.</summary>
    public bool IsBehind => _part < _parts.Count - 1 || (_part < _parts.Count && _offset < _parts[_part].Text.Length);

    /// <summary>What the present attempt has said.</summary>
    public IReadOnlyList<SaidPart> Heard =>
    [
        .. _parts.Take(_part).Select(part => part.ToSaid(part.Text.Length)),
        .. _offset > 0 ? [_parts[_part].ToSaid(_offset)] : Array.Empty<SaidPart>(),
    ];

    /// <summary>Another attempt begins.</summary>
    public void StartOver() => (_part, _offset) = (0, 0);

    /// <summary>Nothing of it counts any more.</summary>
    public void Clear()
    {
        _parts.Clear();
        StartOver();
    }

    /// <summary>The text that is new; empty where all of it was said before, null where something else was.</summary>
    public string? Take(SaidPart said)
    {
        var place = (_part, _offset);
        var fresh = Follow(said);
        if (fresh is null)
            (_part, _offset) = place;
        return fresh;
    }

    private string? Follow(SaidPart said)
    {
        var rest = said.Text;
        while (rest.Length > 0)
        {
            if (_part < _parts.Count && _offset == _parts[_part].Text.Length && !_parts[_part].MayGrow(said))
                (_part, _offset) = (_part + 1, 0);
            if (_part == _parts.Count)
                _parts.Add(new Part(said.Stream, said.Call));
            var part = _parts[_part];
            if (part.Stream != said.Stream)
                return null;
            var known = Math.Min(part.Text.Length - _offset, rest.Length);
            if (known == 0 && _part < _parts.Count - 1)
                return null;
            if (part.Text.ToString(_offset, known) != rest[..known])
                return null;
            (_offset, rest) = (_offset + known, rest[known..]);
            if (_offset < part.Text.Length || rest.Length == 0 || _part < _parts.Count - 1)
                continue;
            part.Text.Append(rest);
            _offset = part.Text.Length;
            return rest;
        }

        return "";
    }

    private sealed record Part(string Stream, ToolCall? Call)
    {
        public StringBuilder Text { get; } = new();

        public bool MayGrow(SaidPart said) => Call is null && said.Stream == Stream;

        public SaidPart ToSaid(int length) => new(Stream, Text.ToString(0, length), Call);
    }
}
