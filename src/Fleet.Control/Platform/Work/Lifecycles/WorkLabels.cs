using System.Text.Json;
using Fleet.Contracts.Work;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>Changes of labels, as RFC 7396 has them for JSON objects: what is null goes, what is not named stays.</summary>
internal static class WorkLabels
{
    /// <summary>Labels of one piece of work.</summary>
    public const int Most = 64;

    private const int MostText = 200;

    /// <summary>The sentence that says what is wrong with a change; null when all is well.</summary>
    public static string? Check(IReadOnlyDictionary<string, string?>? change)
    {
        if (change is null)
            return null;
        if (change.Count > Most)
            return $"At most {Most} entries.";
        if (change.Keys.Any(name => name.Length is 0 or > MostText || name.Contains('=', StringComparison.Ordinal)))
            return $"Names have 1 to {MostText} characters, and no equals sign.";
        return change.Values.Any(value => value?.Length > MostText) ? $"Values have at most {MostText} characters." : null;
    }

    /// <summary>Null when it would change nothing.</summary>
    public static RelabelWork? Relabel(this WorkRow work, IReadOnlyDictionary<string, string?> change, string by)
    {
        var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(work.Labels)!;
        var set = change.Where(label => label.Value is not null && labels.GetValueOrDefault(label.Key) != label.Value)
            .ToDictionary(label => label.Key, label => label.Value!);
        var removed = change.Where(label => label.Value is null && labels.ContainsKey(label.Key))
            .Select(label => label.Key).ToList();
        return set.Count + removed.Count == 0 ? null : new RelabelWork(work.CorrelationId, work.Kind, set, removed, by);
    }

    /// <summary>Whether the work may have as many labels as it would have then.</summary>
    public static bool HasRoomFor(this WorkRow work, RelabelWork change) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(work.Labels)!.Keys
            .Except(change.Removed).Union(change.Set.Keys).Count() <= Most;
}
