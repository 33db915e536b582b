namespace Fleet.Protocol.Patterns;

/// <summary>What <c>(?imsU)</c> sets, for the rest of a group.</summary>
internal readonly record struct PatternFlags(bool IgnoresCase, bool IsMultiLine, bool DotIsAll, bool IsUngreedy)
{
    /// <param name="text">Letters, and behind a hyphen those that end.</param>
    /// <exception cref="PatternException">There is no such flag.</exception>
    public PatternFlags With(string text)
    {
        var (flags, isOn) = (this, true);
        foreach (var (place, flag) in text.Index())
        {
            switch (flag)
            {
                case 'i':
                    flags = flags with { IgnoresCase = isOn };
                    break;
                case 'm':
                    flags = flags with { IsMultiLine = isOn };
                    break;
                case 's':
                    flags = flags with { DotIsAll = isOn };
                    break;
                case 'U':
                    flags = flags with { IsUngreedy = isOn };
                    break;
                case '-' when isOn && place < text.Length - 1:
                    isOn = false;
                    break;
                default:
                    throw new PatternException($"invalid perl operator: (?{text}");
            }
        }

        return flags;
    }
}
