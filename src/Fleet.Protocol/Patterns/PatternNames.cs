namespace Fleet.Protocol.Patterns;

/// <summary>
/// Names of groups: <c>(?P&lt;name&gt;…)</c> and <c>(?&lt;name&gt;…)</c>. Nobody asks for them here, but they have to be right.
/// </summary>
internal static class PatternNames
{
    /// <param name="begin">Of the group.</param>
    /// <param name="known">Those before it.</param>
    /// <exception cref="PatternException">It is no name, or there is one like it.</exception>
    public static void Read(string text, int begin, HashSet<string> known, ref int at)
    {
        var open = text.IndexOf('<', at);
        var end = text.IndexOf('>', open);
        var name = end < 0 ? "" : text[(open + 1)..end];
        if (name.Length == 0 || !name.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
            throw new PatternException($"invalid perl operator: {text[begin..Math.Min(text.Length, begin + 4)]}");
        if (!known.Add(name))
            throw new PatternException($"duplicate capture group name: {name}");
        at = end + 1;
    }
}
