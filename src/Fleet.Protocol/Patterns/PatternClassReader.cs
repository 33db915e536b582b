using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>What stands in square brackets.</summary>
internal sealed class PatternClassReader(string text, bool ignoreCase)
{
    private const int LastCodePoint = 0x10FFFF;

    private static readonly Dictionary<string, (int From, int To)[]> Posix = new()
    {
        ["alnum"] = [('0', '9'), ('A', 'Z'), ('a', 'z')],
        ["alpha"] = [('A', 'Z'), ('a', 'z')],
        ["ascii"] = [(0, 0x7F)],
        ["blank"] = [('\t', '\t'), (' ', ' ')],
        ["cntrl"] = [(0, 0x1F), (0x7F, 0x7F)],
        ["digit"] = [('0', '9')],
        ["graph"] = [('!', '~')],
        ["lower"] = [('a', 'z')],
        ["print"] = [(' ', '~')],
        ["punct"] = [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ["space"] = [('\t', '\r'), (' ', ' ')],
        ["upper"] = [('A', 'Z')],
        ["word"] = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        ["xdigit"] = [('0', '9'), ('A', 'F'), ('a', 'f')],
    };

    private readonly PatternEscapes _escapes = new(text, ignoreCase);
    private readonly List<(int From, int To)> _ranges = [];
    private readonly List<string> _categories = [];

    public CharacterNode Read(ref int at)
    {
        var begin = at++;
        var isNegated = at < text.Length && text[at] == '^';
        at += isNegated ? 1 : 0;
        for (var isFirst = true; ; isFirst = false)
        {
            if (at >= text.Length)
                throw new PatternException($"missing ]: {text[begin..]}");
            if (text[at] == ']' && !isFirst)
                break;
            if (!TryReadNamed(ref at))
                ReadRange(ref at);
        }

        at++;
        return new CharacterNode(_ranges, _categories, isNegated, ignoreCase);
    }

    private bool TryReadNamed(ref int at)
    {
        if (text[at] == '[' && at + 1 < text.Length && text[at + 1] == ':'
            && text.IndexOf(":]", at + 2, StringComparison.Ordinal) is var end and > 0)
        {
            var name = text[(at + 2)..end];
            var isNegated = name.StartsWith('^');
            if (!Posix.TryGetValue(isNegated ? name[1..] : name, out var known))
                throw new PatternException($"invalid character class range: {text[at..(end + 2)]}");
            Add(known, isNegated);
            at = end + 2;
            return true;
        }

        if (text[at] != '\\' || at + 1 >= text.Length)
            return false;
        if (text[at + 1] is 'p' or 'P')
        {
            _categories.Add(_escapes.Category(ref at));
            return true;
        }

        if (PatternEscapes.Perl(text[at + 1]) is not { } perl)
            return false;
        Add(perl.Ranges, perl.IsNegated);
        at += 2;
        return true;
    }

    private void ReadRange(ref int at)
    {
        var begin = at;
        var from = ReadCharacter(ref at);
        var to = from;
        if (at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']')
        {
            at++;
            to = ReadCharacter(ref at);
        }

        if (to < from)
            throw new PatternException($"invalid character class range: {text[begin..at]}");
        _ranges.Add((from, to));
    }

    private int ReadCharacter(ref int at)
    {
        if (at >= text.Length)
            throw new PatternException($"missing ]: {text}");
        if (text[at] == '\\')
            return _escapes.Character(ref at);
        var rune = Rune.GetRuneAt(text, at);
        at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private void Add(IEnumerable<(int From, int To)> ranges, bool isNegated) =>
        _ranges.AddRange(isNegated ? Others(ranges) : ranges);

    private static IEnumerable<(int From, int To)> Others(IEnumerable<(int From, int To)> ranges)
    {
        var next = 0;
        foreach (var (from, to) in ranges.OrderBy(range => range.From))
        {
            if (from > next)
                yield return (next, from - 1);
            next = to + 1;
        }

        if (next <= LastCodePoint)
            yield return (next, LastCodePoint);
    }
}
