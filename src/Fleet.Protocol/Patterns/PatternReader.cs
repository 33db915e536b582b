using System.Globalization;
using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>
/// Reads a regular expression in the dialect of RE2 (https://github.com/google/re2/wiki/Syntax), which promises linear time: what
/// needs backtracking, look-around and references back, is no part of it and refused.
/// </summary>
internal sealed class PatternReader
{
    private const int MostRepeats = 1000;
    private const int Deepest = 200;

    private readonly string _text;
    private readonly HashSet<string> _names = [];
    private int _at;
    private int _depth;
    private bool _ignoreCase;
    private bool _multiLine;
    private bool _dotAll;
    private bool _ungreedy;

    private PatternReader(string text) => _text = text;

    /// <exception cref="PatternException">It is none of the dialect.</exception>
    public static PatternNode Read(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
                throw new PatternException("invalid UTF-8");
            i += char.IsHighSurrogate(text[i]) ? 1 : 0;
        }

        var reader = new PatternReader(text);
        var read = reader.ReadChoice();
        return reader._at == text.Length ? read : throw new PatternException($"unexpected ): {text}");
    }

    private bool IsAt(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private PatternNode ReadChoice()
    {
        if (++_depth > Deepest)
            throw new PatternException("expression nests too deeply");
        var (ignoreCase, multiLine, dotAll, ungreedy) = (_ignoreCase, _multiLine, _dotAll, _ungreedy);
        var parts = new List<PatternNode> { ReadSequence() };
        while (IsAt("|"))
        {
            _at++;
            parts.Add(ReadSequence());
        }

        (_ignoreCase, _multiLine, _dotAll, _ungreedy) = (ignoreCase, multiLine, dotAll, ungreedy);
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
            '{' => ReadCounts(),
            _ => null,
        };
        if (read is not { } counts)
            return null;
        if (_text[begin] != '{')
            _at++;
        var isLazy = _ungreedy;
        if (IsAt("?"))
        {
            _at++;
            isLazy = !isLazy;
        }

        if (_at < _text.Length && _text[_at] is '*' or '+' or '?')
            throw new PatternException($"bad repetition operator: {_text[begin..(_at + 1)]}");
        return (counts.Least, counts.Most, isLazy);
    }

    /// <summary>Null where it is no count but a bracket that stands for itself.</summary>
    private (int Least, int? Most)? ReadCounts()
    {
        var end = _text.IndexOf('}', _at);
        if (end < 0)
            return null;
        var inner = _text[(_at + 1)..end];
        var parts = inner.Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || parts.Any(part => !part.All(char.IsAsciiDigit)))
            return null;
        var least = Count(parts[0]);
        int? most = parts.Length == 1 ? least : parts[1].Length == 0 ? null : Count(parts[1]);
        if (least > MostRepeats || most > MostRepeats || most < least)
            throw new PatternException($"invalid repetition size: {{{inner}}}");
        _at = end + 1;
        return (least, most);

        static int Count(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
    }

    private RepeatNode Repeat(PatternNode part, (int Least, int? Most, bool IsLazy) counts, int begin)
    {
        var repeat = new RepeatNode(part, counts.Least, counts.Most, counts.IsLazy);
        return PatternSize.Of(repeat) <= MostRepeats
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
                return new PatternClassReader(_text, _ignoreCase).Read(ref _at);
            case '.':
                _at++;
                return _dotAll ? new CharacterNode([], [], true, false) : new CharacterNode([('\n', '\n')], [], true, false);
            case '^':
                _at++;
                return new AnchorNode(_multiLine ? "(?m:^)" : @"\A");
            case '$':
                _at++;
                return new AnchorNode(_multiLine ? "(?m:$)" : @"\z");
            case '\\':
                return new PatternEscapes(_text, _ignoreCase).Read(ref _at);
            default:
                var rune = Rune.GetRuneAt(_text, _at);
                _at += rune.Utf16SequenceLength;
                return Literal(rune.Value);
        }
    }

    private CharacterNode Literal(int letter) => new([(letter, letter)], [], false, _ignoreCase);

    private PatternNode ReadGroup()
    {
        var begin = _at++;
        if (IsAt("?P<") || IsAt("?<"))
            ReadName(begin);
        else if (IsAt("?:"))
            _at += 2;
        else if (IsAt("?"))
            return ReadFlagged();
        var inner = ReadChoice();
        Close();
        return inner;
    }

    private void ReadName(int begin)
    {
        var open = _text.IndexOf('<', _at);
        var end = _text.IndexOf('>', open);
        var name = end < 0 ? "" : _text[(open + 1)..end];
        if (name.Length == 0 || !name.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
            throw new PatternException($"invalid perl operator: {Shown(begin, 4)}");
        if (!_names.Add(name))
            throw new PatternException($"duplicate capture group name: {name}");
        _at = end + 1;
    }

    /// <summary><c>(?i)</c>: flags that hold for what follows in the same group.</summary>
    private bool TryReadFlags()
    {
        var end = _at + 2;
        while (end < _text.Length && (char.IsAsciiLetter(_text[end]) || _text[end] == '-'))
            end++;
        if (end == _at + 2 || end >= _text.Length || _text[end] != ')' || _text[_at + 2] == 'P')
            return false;
        SetFlags(_text[(_at + 2)..end]);
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
        var (ignoreCase, multiLine, dotAll, ungreedy) = (_ignoreCase, _multiLine, _dotAll, _ungreedy);
        SetFlags(_text[(_at + 1)..end]);
        _at = end + 1;
        var inner = ReadChoice();
        Close();
        (_ignoreCase, _multiLine, _dotAll, _ungreedy) = (ignoreCase, multiLine, dotAll, ungreedy);
        return inner;
    }

    private void SetFlags(string flags)
    {
        var isOn = true;
        foreach (var (place, flag) in flags.Index())
        {
            switch (flag)
            {
                case 'i':
                    _ignoreCase = isOn;
                    break;
                case 'm':
                    _multiLine = isOn;
                    break;
                case 's':
                    _dotAll = isOn;
                    break;
                case 'U':
                    _ungreedy = isOn;
                    break;
                case '-' when isOn && place < flags.Length - 1:
                    isOn = false;
                    break;
                default:
                    throw new PatternException($"invalid perl operator: (?{flags}");
            }
        }
    }

    private void Close()
    {
        if (!IsAt(")"))
            throw new PatternException($"missing ): {_text}");
        _at++;
    }

    private string Shown(int begin, int length) => _text[begin..Math.Min(_text.Length, begin + length)];
}

/// <summary>How large a part becomes when its counted repetitions are written out.</summary>
internal static class PatternSize
{
    public static int Of(PatternNode node) => node switch
    {
        RepeatNode repeat => Times(Math.Max(1, repeat.Most ?? Math.Max(1, repeat.Least)), Of(repeat.Part)),
        SequenceNode sequence => sequence.Parts.Select(Of).DefaultIfEmpty(1).Max(),
        ChoiceNode choice => choice.Parts.Select(Of).DefaultIfEmpty(1).Max(),
        _ => 1,
    };

    private static int Times(int count, int size) => (int)Math.Min(int.MaxValue, (long)count * size);
}
