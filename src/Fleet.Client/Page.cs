namespace Fleet.Client;

/// <summary>A part of a list.</summary>
/// <param name="Next">The cursor of the part that follows; null at the end.</param>
/// <param name="Partial">A search ran out of time: <paramref name="Next"/> goes on from where it was.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, bool Partial = false);
