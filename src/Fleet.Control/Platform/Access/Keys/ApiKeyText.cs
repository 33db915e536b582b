namespace Fleet.Control.Platform.Access.Keys;

/// <summary>The text of an API key.</summary>
internal static class ApiKeyText
{
    public const string Prefix = SecretText.ApiKey;

    public static string New() => SecretText.New(Prefix);

    public static bool TryHash(ReadOnlySpan<char> text, out KeyHash hash) => SecretText.TryHash(text, Prefix, out hash);

    /// <summary>For keys that Fleet has just made.</summary>
    public static KeyHash Hash(string text) => SecretText.Hash(text, Prefix);
}
