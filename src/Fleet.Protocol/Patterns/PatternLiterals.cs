using System.Text;

namespace Fleet.Protocol.Patterns;

/// <summary>Finds texts that whatever matches must hold.</summary>
internal static class PatternLiterals
{
    /// <summary>Shorter ones narrow nothing down: an index of trigrams does not know them.</summary>
    private const int Shortest = 3;

    private const int Most = 4;

    public static IReadOnlyList<string> Of(PatternNode node)
    {
        var found = new List<string>();
        Find(node, found);
        return [.. found.Distinct().OrderByDescending(text => text.Length).Take(Most)];
    }

    /// <summary>Choices say nothing for certain; what is repeated is there once, if at all.</summary>
    private static void Find(PatternNode node, List<string> found)
    {
        if (node is RepeatNode { Least: > 0 } repeat)
            Find(repeat.Part, found);
        if (node is not SequenceNode sequence)
            return;
        var run = new StringBuilder();
        foreach (var part in Flat(sequence))
        {
            if (part is CharacterNode { Only: { } letter } one && !(one.IgnoresCase && HasThirdCase(letter)))
            {
                run.Append(new Rune(letter).ToString());
                continue;
            }

            Take(run, found);
            Find(part, found);
        }

        Take(run, found);
    }

    /// <summary>The sign of Kelvin is a k, and the long s is an s.</summary>
    private static bool HasThirdCase(int letter) => letter is 'k' or 'K' or 's' or 'S';

    private static IEnumerable<PatternNode> Flat(SequenceNode sequence) =>
        sequence.Parts.SelectMany(part => part is SequenceNode inner ? Flat(inner) : [part]).Where(part => part is not AnchorNode);

    /// <summary>Letters that have more than two cases, or change their number with it, end what is certain.</summary>
    private static void Take(StringBuilder run, List<string> found)
    {
        foreach (var part in run.ToString().Split([.. run.ToString().Where(letter => letter > 0x7E || letter < ' ')]))
        {
            if (part.Length >= Shortest)
                found.Add(part);
        }

        run.Clear();
    }
}
