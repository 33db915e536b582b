using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Control.Platform.Access;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Writes the demands of a piece of work as one sortable text, and reads them back.</summary>
internal static class DemandKey
{
    /// <summary>Characters, all of them ASCII: an entry of the index over demands has at most 2,704 bytes.</summary>
    public const int Longest = 2500;

    /// <summary>Stands between model and upstream: neither has control characters in its name.</summary>
    private const char BeforePlace = '\t';

    /// <summary>Stands before the tenant, where other pairs have the name of a label: no label has this one.</summary>
    private const string TenantMark = "";

    private const int MostRemembered = 10_000;

    private static readonly ConcurrentDictionary<string, DemandClass> Known = new();

    /// <param name="model">With model calls: what an upstream must have.</param>
    /// <param name="place">With model calls: which upstreams come into question.</param>
    /// <param name="tenant">Whose work it is: agents may serve some tenants only.</param>
    /// <returns>
    /// A JSON array: kind, capability, agent or null, then an empty name and the tenant where it is not the default one, then
    /// label names and values in their order, then the model where there is one, and behind it the upstream.
    /// </returns>
    public static string Of(
        string kind, string capability, string? agent, IReadOnlyDictionary<string, string> labels, string? model = null,
        string? place = null, string tenant = Tenants.Default)
    {
        var parts = new List<string?> { kind, capability, agent };
        if (tenant != Tenants.Default)
            parts.AddRange(TenantMark, tenant);
        foreach (var (name, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            parts.Add(name);
            parts.Add(value);
        }

        if (place is not null)
            parts.Add($"{model}{BeforePlace}{place}");
        else if (model is not null)
            parts.Add(model);
        return JsonSerializer.Serialize(parts);
    }

    /// <summary>The same key is read once, as far as memory is meant for that.</summary>
    public static DemandClass Read(string key)
    {
        if (Known.TryGetValue(key, out var known))
            return known;
        if (Known.Count >= MostRemembered)
            Known.Clear();
        return Known[key] = Parse(key);
    }

    private static DemandClass Parse(string key)
    {
        var parts = JsonSerializer.Deserialize<string?[]>(key)!;
        var labels = new Dictionary<string, string>();
        for (var i = 3; i + 1 < parts.Length; i += 2)
            labels[parts[i]!] = parts[i + 1]!;
        var tenant = labels.Remove(TenantMark, out var named) ? named : Tenants.Default;
        var wanted = int.IsEvenInteger(parts.Length) ? parts[^1]!.Split(BeforePlace) : [];
        return new DemandClass(
            key, parts[0]!, parts[1]!, parts[2], labels, wanted.ElementAtOrDefault(0), wanted.ElementAtOrDefault(1), tenant);
    }
}
