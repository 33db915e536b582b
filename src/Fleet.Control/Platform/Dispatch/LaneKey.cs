using System.Text.Json;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Writes the demands of a piece of work as one sortable text, and reads them back.</summary>
internal static class LaneKey
{
    /// <summary>Characters, all of them ASCII: an entry of the index over lanes has at most 2,704 bytes.</summary>
    public const int Longest = 2500;

    /// <param name="model">With model calls: what an upstream must have.</param>
    /// <returns>
    /// A JSON array: capability, agent or null, then label names and values in their order, then the model where there
    /// is one.
    /// </returns>
    public static string Of(
        string capability, string? agent, IReadOnlyDictionary<string, string> labels, string? model = null)
    {
        var parts = new List<string?> { capability, agent };
        foreach (var (name, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            parts.Add(name);
            parts.Add(value);
        }

        if (model is not null)
            parts.Add(model);
        return JsonSerializer.Serialize(parts);
    }

    public static WorkLane Read(string key)
    {
        var parts = JsonSerializer.Deserialize<string?[]>(key)!;
        var labels = new Dictionary<string, string>();
        for (var i = 2; i + 1 < parts.Length; i += 2)
            labels[parts[i]!] = parts[i + 1]!;
        return new WorkLane(key, parts[0]!, parts[1], labels, int.IsOddInteger(parts.Length) ? parts[^1] : null);
    }
}
