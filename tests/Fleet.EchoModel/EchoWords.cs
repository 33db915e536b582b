using System.Security.Cryptography;
using System.Text;

namespace Fleet.EchoModel;

/// <summary>What is answered: a function of the question alone.</summary>
public static class EchoWords
{
    /// <summary>With tools given, a question that holds this is answered by a call of the tool it names, or the first.</summary>
    public const string CallTool = "call the tool";

    public const int Dimensions = 16;

    /// <summary>Each word with the white space before it: together they are the text.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (!char.IsWhiteSpace(text[at]) || char.IsWhiteSpace(text[at - 1]))
                continue;
            words.Add(text[start..at]);
            start = at;
        }

        if (start < text.Length)
            words.Add(text[start..]);
        return words;
    }

    /// <summary><c>w1 w2 w3 …</c></summary>
    public static IReadOnlyList<string> Counted(int words) =>
        [.. Enumerable.Range(1, words).Select(number => number == 1 ? "w1" : $" w{number}")];

    /// <summary>A vector of length 1, made of the text's SHA-256.</summary>
    public static float[] Embed(string text, int? dimensions = null)
    {
        var vector = new float[Math.Clamp(dimensions ?? Dimensions, 1, 4096)];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        for (var i = 0; i < vector.Length; i++)
        {
            if (i > 0 && i % hash.Length == 0)
                hash = SHA256.HashData(hash);
            vector[i] = (hash[i % hash.Length] - 127.5f) / 127.5f;
        }

        var length = MathF.Sqrt(vector.Sum(number => number * number));
        return [.. vector.Select(number => number / length)];
    }

    /// <summary>Words are tokens here.</summary>
    public static int Count(string text) => Split(text.Trim()).Count;
}
