namespace Fleet.Worker.Platform;

/// <summary>Text from outside as it can be stored and shown anywhere.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text, with a replacement character for each control character: no database text holds a NUL.
    /// </summary>
    public static string Of(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0
        ? text
        : string.Create(text.Length, text, static (plain, from) =>
        {
            for (var i = 0; i < plain.Length; i++)
                plain[i] = char.IsControl(from[i]) && from[i] is not ('\t' or '\n') ? Replacement : from[i];
        });
}
