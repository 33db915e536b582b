using System.Text;

namespace Fleet.Console.Text;

/// <summary>A piece of a line with one look.</summary>
/// <param name="Look">Classes of the style sheet, such as <c>fg1 bold</c>; empty for plain text.</param>
internal readonly record struct Span(string Text, string Look);

/// <summary>
/// Output of terminals as text with colours (ECMA-48, SGR). All other control sequences are dropped, whatever they would do to a
/// terminal; characters that show nothing or turn the direction of others are shown as what they are. A line that was written
/// over from its beginning, as progress bars do, is what it was last.
/// </summary>
internal sealed class AnsiText
{
    private const char Escape = '\u001b';
    private const int LongestLine = 4000;

    private readonly StringBuilder _text = new();
    private readonly List<Span> _line = [];
    private readonly AnsiLook _look = new();
    private string _pending = "";
    private int _length;

    /// <summary>The line that has not ended yet.</summary>
    public IReadOnlyList<Span> Rest => [.. _line, .. Piece()];

    /// <summary>Takes more of the output.</summary>
    /// <returns>The lines that ended in it.</returns>
    public List<IReadOnlyList<Span>> Read(string more)
    {
        var text = _pending + more;
        _pending = "";
        var lines = new List<IReadOnlyList<Span>>();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\n':
                    lines.Add(Rest);
                    Clear();
                    break;
                case '\r' when at + 1 == text.Length:
                    _pending = "\r"; // a line's end, or a line written over: the next character says
                    break;
                case '\r' when text[at + 1] != '\n':
                    Clear();
                    break;
                case '\r':
                    break;
                case Escape or '\u009b':
                    var end = Sequence(text, at);
                    if (end < 0)
                    {
                        _pending = text[at..];
                        return lines;
                    }

                    at = end;
                    break;
                default:
                    Put(text[at]);
                    break;
            }
        }

        return lines;
    }

    /// <summary>What would change how others are read is shown by its number.</summary>
    internal static string Visible(char letter) => letter switch
    {
        '\t' => "\t",
        < ' ' => ((char)('\u2400' + letter)).ToString(),
        '\u007f' => "\u2421",
        >= '\u0080' and < '\u00a0' => $"\\u{(int)letter:x4}",
        '\u00ad' or '\u061c' or '\ufeff' or (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e')
            or (>= '\u2060' and <= '\u206f') => $"\\u{(int)letter:x4}",
        _ => letter.ToString(),
    };

    private void Put(char letter)
    {
        if (_length++ < LongestLine)
            _text.Append(Visible(letter));
        else if (_length == LongestLine + 1)
            _text.Append('…');
    }

    private void Clear()
    {
        _line.Clear();
        _text.Clear();
        _length = 0;
    }

    private Span[] Piece() => _text.Length == 0 ? [] : [new Span(_text.ToString(), _look.Classes)];

    /// <returns>The place of a control sequence's last character; -1 where that has not come.</returns>
    private int Sequence(string text, int at)
    {
        if (text[at] == Escape)
        {
            if (at + 1 == text.Length)
                return -1;
            if (text[at + 1] is ']' or 'P' or 'X' or '^' or '_')
                return EndOfString(text, at + 2);
            if (text[at + 1] != '[')
                return text[at + 1] is >= ' ' and < '0' ? (at + 2 < text.Length ? at + 2 : -1) : at + 1;
            at++;
        }

        var from = at + 1;
        for (var end = from; end < text.Length && end - from < 64; end++)
        {
            if (text[end] is >= '@' and <= '~')
            {
                if (text[end] == 'm')
                    Change(text[from..end]);
                return end;
            }

            if (text[end] is < ' ' or > '?')
                return end - 1; // it is none
        }

        return text.Length - from < 64 ? -1 : from;
    }

    /// <summary>Titles of windows, links and the like.</summary>
    private static int EndOfString(string text, int from)
    {
        for (var end = from; end < text.Length; end++)
        {
            if (text[end] is '\u0007' or '\u009c' || (text[end] == '\\' && text[end - 1] == Escape))
                return end;
            if (text[end] == '\n')
                return end - 1;
        }

        return text.Length - from < LongestLine ? -1 : text.Length - 1;
    }

    private void Change(string parameters)
    {
        _line.AddRange(Piece());
        _text.Clear();
        _look.Change(parameters);
    }
}
