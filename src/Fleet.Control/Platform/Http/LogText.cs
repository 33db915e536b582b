namespace Fleet.Control.Platform.Http;

/// <summary>Makes text from outside fit for a log line.</summary>
internal static class LogText
{
    private const int Longest = 500;

    /// <summary>Without control characters, so that it cannot start a line of its own, and not endless.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var cut = text.Length > Longest ? text[..Longest] + "…" : text;
        return cut.Any(IsUnfit)
            ? string.Create(cut.Length, cut, (clean, raw) =>
            {
                for (var i = 0; i < raw.Length; i++)
                    clean[i] = IsUnfit(raw[i]) ? ' ' : raw[i];
            })
            : cut;
    }

    private static bool IsUnfit(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';
}
