using System.Text.RegularExpressions;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The documents of the checkout, and the commands in them.</summary>
internal static partial class Readme
{
    /// <summary>The blocks of commands below a heading, in order.</summary>
    /// <param name="path">As <c>compose/README.md</c>.</param>
    public static List<string> CommandsBelow(string path, string heading)
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, path));
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, $"{path} has no heading {heading}");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Commands(end < 0 ? text[start..] : text[start..end]);
    }

    /// <summary>The blocks of commands of a text, in order.</summary>
    public static List<string> Commands(string text) => [.. Block().Matches(text).Select(block => block.Groups[1].Value)];

    [GeneratedRegex("^```sh\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
