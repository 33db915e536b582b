using System.Text.RegularExpressions;

namespace Fleet.Protocol.Patterns;

/// <summary>
/// A regular expression in RE2's dialect, by an engine that takes time in proportion to the text: no text makes it backtrack. It
/// looks anywhere in a text. <c>\d \w \s</c> and the names in brackets mean ASCII, <c>\p{…}</c> general categories of Unicode, and
/// <c>$</c> without <c>(?m)</c> the end of the text alone.
/// </summary>
public sealed class Pattern
{
    /// <summary>Characters of one expression.</summary>
    public const int Longest = 2000;

    /// <summary>One text is given up after so long: large expressions take their time for each of its characters.</summary>
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;

    private Pattern(string text, Regex regex, IReadOnlyList<string> needed)
    {
        Text = text;
        _regex = regex;
        Needed = needed;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>
    /// Texts that every match holds, whatever else: what has none of them need not be looked at. Upper and lower case may differ.
    /// </summary>
    public IReadOnlyList<string> Needed { get; }

    /// <exception cref="PatternException">It is none of the dialect.</exception>
    public static Pattern Parse(string text)
    {
        if (text.Length > Longest)
            throw new PatternException($"pattern too large: more than {Longest} characters");
        if (!IsUnicode(text))
            throw new PatternException("invalid UTF-8");
        var node = PatternReader.Read(text);
        try
        {
            return new Pattern(
                text,
                new Regex(PatternWriter.Write(node), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LongestMatch),
                PatternLiterals.Of(node));
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new PatternException("pattern too large or too complex");
        }
    }

    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public bool IsMatch(string text) => _regex.IsMatch(text);

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                return false;
            i++;
        }

        return true;
    }
}
