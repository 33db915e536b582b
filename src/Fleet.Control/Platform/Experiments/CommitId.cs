using System.Diagnostics.CodeAnalysis;

namespace Fleet.Control.Platform.Experiments;

/// <summary>How a commit is called: 40 hex digits.</summary>
internal static class CommitId
{
    public const string Rule = "This must be 40 hex digits.";

    private const int Digits = 40;

    /// <param name="commit">In lower case.</param>
    public static bool TryRead([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? commit)
    {
        commit = text?.Length == Digits && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;
        return commit is not null;
    }
}
