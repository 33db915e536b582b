namespace Fleet.Bench.Target;

/// <summary>Settings as <c>up.sh</c> left them, in <c>KEY=VALUE</c> lines; the environment comes second.</summary>
internal sealed class EnvFile
{
    private readonly Dictionary<string, string> _values = [];

    public EnvFile(string path)
    {
        if (!File.Exists(path))
            return;
        foreach (var line in File.ReadLines(path))
        {
            var text = line.Trim();
            if (text.StartsWith("export ", StringComparison.Ordinal))
                text = text[7..];
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split > 0 && text[0] != '#')
                _values[text[..split]] = Unquote(text[(split + 1)..]);
        }
    }

    public string? this[string name] =>
        _values.TryGetValue(name, out var value) ? value : Environment.GetEnvironmentVariable(name);

    /// <summary>The first of the names that has a value.</summary>
    public string? Any(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (this[name] is { Length: > 0 } value)
                return value;
        }

        return null;
    }

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;
}
