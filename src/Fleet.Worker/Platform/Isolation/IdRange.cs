using System.Globalization;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>Numbers of users, or of groups, both ends included.</summary>
internal readonly record struct IdRange(uint First, uint Last)
{
    private const uint LowestOwn = 1_900_000_000; // above what systems, containers and subordinate ids take
    private const uint OwnRanges = 10_000;
    private const uint OwnLength = 10_000;

    public long Length => (long)Last - First + 1;

    /// <summary>The range of an agent that was given none.</summary>
    /// <param name="agent">Tells apart what runs on one host, of several fleets too: name and home.</param>
    public static IdRange Of(string agent)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var letter in agent)
            hash = (hash ^ letter) * 16777619;
        var first = LowestOwn + hash % OwnRanges * OwnLength;
        return new IdRange(first, first + OwnLength - 1);
    }

    /// <summary>Null for what is no range such as <c>200000-200999</c>; root is in none.</summary>
    public static IdRange? Parse(string text)
    {
        var ends = text.Split('-');
        return ends.Length == 2
            && uint.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && uint.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first > 0 && last >= first && last < int.MaxValue
                ? new IdRange(first, last)
                : null;
    }

    public bool Contains(uint id) => id >= First && id <= Last;

    /// <summary>One half of it.</summary>
    public IdRange Half(bool upper)
    {
        var middle = First + (uint)(Length / 2);
        return upper ? this with { First = middle } : this with { Last = middle - 1 };
    }
}
