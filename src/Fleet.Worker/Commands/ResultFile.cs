using System.Text;
using System.Text.Json;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Commands;

/// <summary>What the attempt left in its result file.</summary>
/// <param name="Json">Null when there is none, or none that can be kept.</param>
/// <param name="Failure">Why what is there cannot be kept.</param>
internal readonly record struct ResultFile(string? Json, (string Code, string Sentence)? Failure = null)
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    public static ResultFile Read(AttemptDirectory directory, int mostBytes)
    {
        var path = directory.ResultFile;
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            return default;
        if (!RegularFile.Is(path))
            return Invalid("it is not a plain file");
        try
        {
            using var file = RegularFile.Open(path, directory.User);
            if (file.Length > mostBytes)
                return new ResultFile(null, ("result_too_large", $"The result file is larger than {mostBytes} bytes."));
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new ResultFile(Check(bytes));
        }
        catch (Exception wrong) when (wrong
            is JsonException or InvalidOperationException or DecoderFallbackException or IOException
            or UnauthorizedAccessException)
        {
            return Invalid(wrong.Message);
        }
    }

    private static string Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var text = _strict.GetString(bytes);
        using var document = JsonDocument.Parse(text);
        using var written = new Utf8JsonWriter(Stream.Null);
        document.WriteTo(written); // refuses escapes of half a character, which nobody could be shown
        return text;
    }

    private static ResultFile Invalid(string why) =>
        new(null, ("result_invalid", $"The result file does not hold valid JSON: {why.TrimEnd('.')}."));
}
