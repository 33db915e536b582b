namespace Fleet.Control.Platform.Work.Queue;

/// <summary>
/// How far a walk through more than one round can see has come. Forgetting a place costs nothing: the walk begins anew.
/// </summary>
internal sealed class ScanCursors
{
    private readonly Dictionary<string, Guid> _places = [];

    /// <summary>Where to go on; empty is the beginning.</summary>
    public Guid Of(string walk) => _places.GetValueOrDefault(walk);

    public void Go(string walk, Guid place)
    {
        if (place == Guid.Empty)
            _places.Remove(walk);
        else
            _places[walk] = place;
    }
}
