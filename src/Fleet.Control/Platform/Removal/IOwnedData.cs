namespace Fleet.Control.Platform.Removal;

/// <summary>
/// What one part of Fleet keeps about pieces of work beside their rows. It goes after the work itself, so nobody can
/// ask for it any more, and in bounded parts, so that a large piece of work stalls nobody.
/// </summary>
internal interface IOwnedData
{
    /// <summary>Those of the owners about which something is still owed, that needs them as they are.</summary>
    Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop);

    /// <summary>Erases some of what belongs to owners that are gone. Calling it again after a crash is safe.</summary>
    /// <returns>False when nothing is left.</returns>
    Task<bool> EraseSome(Guid[] owners, CancellationToken stop);
}
