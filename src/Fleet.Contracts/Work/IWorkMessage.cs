namespace Fleet.Contracts.Work;

/// <summary>A message about one piece of work: it is meant for the lifecycle of the work's kind.</summary>
public interface IWorkMessage
{
    /// <summary>The piece of work.</summary>
    Guid WorkId { get; }

    /// <summary>Its kind: <c>command</c>, <c>inference</c>, <c>noop</c>.</summary>
    string Kind { get; }
}
