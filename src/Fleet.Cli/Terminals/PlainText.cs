using System.Globalization;
using System.Text;

namespace Fleet.Cli.Terminals;

/// <summary>
/// Text that others wrote, made harmless: names, labels, errors and answers of the fleet may hold anything, and a terminal obeys
/// what it is sent. Control characters appear as pictures of themselves, characters that only change the direction or are
/// invisible as U+FFFD.
/// </summary>
internal static class PlainText
{
    /// <summary>For a place of one line.</summary>
    public static string Line(string? text) => Clean(text, keepLines: false);

    /// <summary>For text of several lines: line feeds and tabs stay.</summary>
    public static string Lines(string? text) => Clean(text, keepLines: true);

    private static string Clean(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text) || !text.Any(one => IsUnsafe(one, keepLines)))
            return text ?? "";
        var clean = new StringBuilder(text.Length);
        foreach (var one in text)
            clean.Append(IsUnsafe(one, keepLines) ? Picture(one) : one);
        return clean.ToString();
    }

    private static bool IsUnsafe(char one, bool keepLines) => (!keepLines || one is not ('\n' or '\t'))
        && CharUnicodeInfo.GetUnicodeCategory(one) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static char Picture(char one) => one switch
    {
        < ' ' => (char)(0x2400 + one),
        '\x7f' => '\u2421',
        _ => '\ufffd',
    };
}
