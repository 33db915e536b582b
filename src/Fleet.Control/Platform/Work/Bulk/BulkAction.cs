namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>What can be done to much work at once.</summary>
internal enum BulkAction
{
    /// <summary>Ends them, as a single cancellation does.</summary>
    Cancel,

    /// <summary>Submits each finished one again, once.</summary>
    Retry,

    /// <summary>Removes finished ones with all that belongs to them.</summary>
    Delete,

    /// <summary>Gives those that are not finished another priority.</summary>
    Reprioritise,

    /// <summary>Sets and removes labels.</summary>
    Relabel,
}

/// <summary>How far bulk work is.</summary>
internal enum BulkState
{
    Running,
    Finished,
    Cancelled,

    /// <summary>It cannot go on: what it did so far stays done.</summary>
    Failed,
}
