namespace Fleet.Client.Upkeep;

/// <summary>The states of a family of work, and what leads from one to another.</summary>
/// <param name="Family"><c>job backup turn</c>.</param>
public sealed record Lifecycle(string Family, IReadOnlyList<LifecycleState> States, IReadOnlyList<LifecycleStep> Steps);

/// <param name="IsEnd">Nothing leads out of it.</param>
public sealed record LifecycleState(string Name, bool IsEnd);

/// <param name="From">Null where work begins.</param>
/// <param name="Event">What happens, as the fleet calls it.</param>
public sealed record LifecycleStep(string? From, string Event, string To);
