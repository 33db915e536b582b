namespace Fleet.Protocol.Patterns;

/// <summary>A part of a regular expression, as it was read.</summary>
public abstract record PatternNode;

/// <summary>One of these characters: ranges of code points.</summary>
/// <param name="Categories">Unicode categories, in .NET's words, that belong to it: <c>\p{Lu}</c> or <c>\P{Lu}</c>.</param>
/// <param name="IsNegated">Any character but these.</param>
/// <param name="IgnoresCase">Letters mean their other case as well.</param>
public sealed record CharacterNode(
    IReadOnlyList<(int From, int To)> Ranges, IReadOnlyList<string> Categories, bool IsNegated, bool IgnoresCase) : PatternNode
{
    /// <summary>The one character that it means; null where it means several.</summary>
    public int? Only => !IsNegated && Categories.Count == 0 && Ranges is [var one] && one.From == one.To ? one.From : null;
}

/// <summary>A place without width, in .NET's words: <c>\A</c>, <c>\z</c>, <c>(?m:^)</c>.</summary>
public sealed record AnchorNode(string Text) : PatternNode;

/// <summary>All of these, one after the other.</summary>
public sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode;

/// <summary>One of these.</summary>
public sealed record ChoiceNode(IReadOnlyList<PatternNode> Parts) : PatternNode;

/// <summary>So many of it.</summary>
/// <param name="Most">Null for any number.</param>
public sealed record RepeatNode(PatternNode Part, int Least, int? Most, bool IsLazy) : PatternNode;
