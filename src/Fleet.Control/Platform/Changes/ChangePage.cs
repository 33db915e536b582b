namespace Fleet.Control.Platform.Changes;

/// <summary>Changes in their order.</summary>
/// <param name="Reached">The place to go on from; nothing that is not here lies before it.</param>
/// <param name="OthersWait">There are more, which have to wait for older transactions to end.</param>
internal sealed record ChangePage(IReadOnlyList<Change> Changes, ChangeId Reached, bool OthersWait = false);
