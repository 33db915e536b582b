using Fleet.Client.Http;

namespace Fleet.Client.Work;

/// <summary>Which jobs are meant; all conditions must hold.</summary>
/// <param name="Filter">In the filter language, as <c>exit!=0 finished&lt;24h</c>.</param>
/// <param name="View">The name of a saved filter.</param>
/// <param name="Labels">Each as <c>name=value</c>.</param>
/// <param name="PageSize">Jobs of one page, 1 to 200.</param>
public sealed record JobFilter(
    string? Filter = null,
    string? View = null,
    string? State = null,
    string? Kind = null,
    string? Agent = null,
    string? Name = null,
    IReadOnlyList<string>? Labels = null,
    int? PageSize = null)
{
    internal string Path(string family)
    {
        var path = Query.With(
            family, ("filter", Filter), ("view", View), ("state", State), ("kind", Kind), ("agent", Agent), ("name", Name),
            ("limit", PageSize));
        foreach (var label in Labels ?? [])
            path = Query.With(path, ("label", label));
        return path;
    }
}
