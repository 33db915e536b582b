using System.Globalization;
using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>What begins with a backslash, outside of brackets and, as far as it is a character, in them.</summary>
internal sealed class PatternEscapes(string text, bool ignoreCase)
{
    private const int LastCodePoint = 0x10FFFF;

    public PatternNode Read(ref int at)
    {
        if (at + 1 >= text.Length)
            throw new PatternException("trailing \\");
        switch (text[at + 1])
        {
            case 'A':
                at += 2;
                return new AnchorNode(@"\A");
            case 'z':
                at += 2;
                return new AnchorNode(@"\z");
            case 'b' or 'B':
                at += 2;
                return new AnchorNode(text[(at - 2)..at]);
            case 'p' or 'P':
                var category = Category(ref at);
                return new CharacterNode([], [category], false, ignoreCase);
        }

        if (Perl(text[at + 1]) is { } perl)
        {
            at += 2;
            return new CharacterNode(perl.Ranges, [], perl.IsNegated, false);
        }

        var letter = Character(ref at);
        return new CharacterNode([(letter, letter)], [], false, ignoreCase);
    }

    /// <summary>The class that a letter stands for, in ASCII as RE2 has it; null where it stands for none.</summary>
    public static (IReadOnlyList<(int From, int To)> Ranges, bool IsNegated)? Perl(char letter) => letter switch
    {
        'd' or 'D' => ([('0', '9')], letter == 'D'),
        's' or 'S' => ([('\t', '\n'), ('\f', '\r'), (' ', ' ')], letter == 'S'),
        'w' or 'W' => ([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], letter == 'W'),
        _ => null,
    };

    /// <summary><c>\pL</c>, <c>\p{Lu}</c>, <c>\P{Lu}</c>, <c>\p{^Lu}</c> in .NET's words.</summary>
    public string Category(ref int at)
    {
        var begin = at;
        var isNegated = text[at + 1] == 'P';
        at += 2;
        if (at >= text.Length)
            throw new PatternException($"invalid character class range: {text[begin..]}");
        string name;
        if (text[at] == '{')
        {
            var end = text.IndexOf('}', at);
            if (end < 0)
                throw new PatternException($"invalid character class range: {text[begin..]}");
            name = text[(at + 1)..end];
            at = end + 1;
        }
        else
        {
            name = text[at++].ToString();
        }

        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        return PatternCategories.Find(name, isNegated)
            ?? throw new PatternException($"invalid character class range: {text[begin..at]}");
    }

    /// <summary>The character that is meant.</summary>
    public int Character(ref int at)
    {
        var begin = at;
        if (at + 1 >= text.Length)
            throw new PatternException("trailing \\");
        var letter = text[at + 1];
        at += 2;
        switch (letter)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'v':
                return '\v';
            case 'x':
                return Hex(begin, 2, ref at);
            case 'u':
                return Hex(begin, 4, ref at);
            case '0' or '1' or '2' or '3' or '4' or '5' or '6' or '7':
                return Octal(begin, letter, ref at);
        }

        if (letter < 0x80 && !char.IsAsciiLetterOrDigit(letter) && letter != '_')
            return letter;
        if (letter == '_')
            return letter;
        at = begin + 1 + (char.IsHighSurrogate(letter) ? 2 : 1);
        throw new PatternException($"invalid escape sequence: {text[begin..at]}");
    }

    /// <summary>So many digits, or any number of them in brackets.</summary>
    private int Hex(int begin, int count, ref int at)
    {
        string digits;
        if (at < text.Length && text[at] == '{')
        {
            var end = text.IndexOf('}', at);
            digits = end < 0 ? "" : text[(at + 1)..end];
            at = end < 0 ? text.Length : end + 1;
        }
        else
        {
            var length = Math.Min(count, text.Length - at);
            digits = length < count ? "" : text.Substring(at, count);
            at += length;
        }

        return digits.Length is > 0 and <= 8
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= LastCodePoint && Rune.IsValid(value)
                ? value
                : throw new PatternException($"invalid escape sequence: {text[begin..at]}");
    }

    /// <summary>A zero, or up to three digits; one digit that is no zero would be a reference back.</summary>
    private int Octal(int begin, char first, ref int at)
    {
        if (first != '0' && (at >= text.Length || text[at] is < '0' or > '7'))
            throw new PatternException($"invalid escape sequence: {text[begin..at]}");
        var value = first - '0';
        for (var more = 0; more < 2 && at < text.Length && text[at] is >= '0' and <= '7'; more++)
            value = (value * 8) + (text[at++] - '0');
        return value;
    }
}
