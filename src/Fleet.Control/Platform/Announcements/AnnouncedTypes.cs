namespace Fleet.Control.Platform.Announcements;

/// <summary>What a slice announces: nobody can wait for what never comes.</summary>
/// <param name="Family">The word before the dot: <c>job</c>.</param>
/// <param name="Words">The words behind it.</param>
internal sealed record AnnouncedTypes(string Family, IReadOnlyCollection<string> Words)
{
    /// <summary>All types of the family, and the pattern that means them all.</summary>
    public IEnumerable<string> Subscribable => Words.Select(word => $"{Family}.{word}").Prepend($"{Family}.*");
}
