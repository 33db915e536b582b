namespace Fleet.Control.Platform.Submissions;

/// <summary>Every way to submit work that there is.</summary>
internal sealed class Submissions(IEnumerable<ISubmission> all)
{
    private readonly Dictionary<string, ISubmission> _all = all.ToDictionary(one => one.Name);

    public IReadOnlyCollection<string> Names => _all.Keys;

    /// <summary>Null when there is none of this name.</summary>
    public ISubmission? Find(string name) => _all.GetValueOrDefault(name);
}
