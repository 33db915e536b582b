using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>
/// Reads a regular expression in the dialect of RE2 (https://github.com/google/re2/wiki/Syntax), which promises linear time: what
/// needs backtracking, look-around and references back, is no part of it and refused.
/// </summary>
internal sealed class PatternReader
{
    private const int Deepest = 200;

    private readonly string _text;
    private readonly HashSet<string> _names = [];
    private int _at;
    private int _depth;
    private PatternFlags _flags;

    private PatternReader(string text) => _text = text;

    /// <exception cref="PatternException">It is none of the dialect.</exception>
    public static PatternNode Read(string text)
    {
        var reader = new PatternReader(text);
        var read = reader.ReadChoice();
        return reader._at == text.Length ? read : throw new PatternException($"unexpected ): {text}");
    }

    private bool IsAt(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private PatternNode ReadChoice()
    {
        if (++_depth > Deepest)
            throw new PatternException("expression nests too deeply");
        var flags = _flags;
        var parts = new List<PatternNode> { ReadSequence() };
        while (IsAt("|"))
        {
            _at++;
            parts.Add(ReadSequence());
        }

        _flags = flags;
        _depth--;
        return parts is [var only] ? only : new ChoiceNode(parts);
    }

    private SequenceNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            var begin = _at;
            if (ReadRepeat(begin) is { } repeat)
            {
                if (parts.Count == 0)
                    throw new PatternException($"no argument for repetition operator: {_text[begin.._at]}");
                parts[^1] = Repeat(parts[^1], repeat, begin);
            }
            else if (IsAt("\\Q"))
                parts.AddRange(ReadQuoted());
            else if (IsAt("(?") && TryReadFlags())
                continue;
            else
                parts.Add(ReadOne());
        }

        return new SequenceNode(parts);
    }

    private (int Least, int? Most, bool IsLazy)? ReadRepeat(int begin)
    {
        (int Least, int? Most)? read = _text[_at] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => PatternCounts.Read(_text, ref _at),
            _ => null,
        };
        if (read is not { } counts)
            return null;
        if (_text[begin] != '{')
            _at++;
        var isLazy = _flags.IsUngreedy;
        if (IsAt("?"))
        {
            _at++;
            isLazy = !isLazy;
        }

        if (_at < _text.Length && _text[_at] is '*' or '+' or '?')
            throw new PatternException($"bad repetition operator: {_text[begin..(_at + 1)]}");
        return (counts.Least, counts.Most, isLazy);
    }

    private RepeatNode Repeat(PatternNode part, (int Least, int? Most, bool IsLazy) counts, int begin)
    {
        var repeat = new RepeatNode(part, counts.Least, counts.Most, counts.IsLazy);
        return PatternSize.Of(repeat) <= PatternCounts.Most
            ? repeat
            : throw new PatternException($"invalid repetition size: {_text[begin.._at]}");
    }

    private IEnumerable<PatternNode> ReadQuoted()
    {
        var begin = _at + 2;
        var end = _text.IndexOf("\\E", begin, StringComparison.Ordinal);
        _at = end < 0 ? _text.Length : end + 2;
        return _text[begin..(end < 0 ? _text.Length : end)].EnumerateRunes().Select(rune => Literal(rune.Value));
    }

    private PatternNode ReadOne()
    {
        switch (_text[_at])
        {
            case '(':
                return ReadGroup();
            case '[':
                return new PatternClassReader(_text, _flags.IgnoresCase).Read(ref _at);
            case '.':
                _at++;
                return _flags.DotIsAll ? new CharacterNode([], [], true, false) : new CharacterNode([('\n', '\n')], [], true, false);
            case '^':
                _at++;
                return new AnchorNode(_flags.IsMultiLine ? "(?m:^)" : @"\A");
            case '$':
                _at++;
                return new AnchorNode(_flags.IsMultiLine ? "(?m:$)" : @"\z");
            case '\\':
                return new PatternEscapes(_text, _flags.IgnoresCase).Read(ref _at);
            default:
                var rune = Rune.GetRuneAt(_text, _at);
                _at += rune.Utf16SequenceLength;
                return Literal(rune.Value);
        }
    }

    private CharacterNode Literal(int letter) => new([(letter, letter)], [], false, _flags.IgnoresCase);

    private PatternNode ReadGroup()
    {
        var begin = _at++;
        if (IsAt("?P<") || IsAt("?<"))
            PatternNames.Read(_text, begin, _names, ref _at);
        else if (IsAt("?:"))
            _at += 2;
        else if (IsAt("?"))
            return ReadFlagged();
        var inner = ReadChoice();
        Close();
        return inner;
    }

    /// <summary><c>(?i)</c>: flags that hold for what follows in the same group.</summary>
    private bool TryReadFlags()
    {
        var end = _at + 2;
        while (end < _text.Length && (char.IsAsciiLetter(_text[end]) || _text[end] == '-'))
            end++;
        if (end == _at + 2 || end >= _text.Length || _text[end] != ')' || _text[_at + 2] == 'P')
            return false;
        _flags = _flags.With(_text[(_at + 2)..end]);
        _at = end + 1;
        return true;
    }

    /// <summary><c>(?i:…)</c>, and whatever else begins so and is not of the dialect.</summary>
    private PatternNode ReadFlagged()
    {
        var begin = _at - 1;
        var end = _at + 1;
        while (end < _text.Length && (char.IsAsciiLetter(_text[end]) || _text[end] == '-'))
            end++;
        if (end >= _text.Length || _text[end] != ':')
            throw new PatternException($"invalid perl operator: {Shown(begin, IsAt("?<") ? 4 : 3)}");
        var flags = _flags;
        _flags = _flags.With(_text[(_at + 1)..end]);
        _at = end + 1;
        var inner = ReadChoice();
        Close();
        _flags = flags;
        return inner;
    }

    private void Close()
    {
        if (!IsAt(")"))
            throw new PatternException($"missing ): {_text}");
        _at++;
    }

    private string Shown(int begin, int length) => _text[begin..Math.Min(_text.Length, begin + length)];
}
