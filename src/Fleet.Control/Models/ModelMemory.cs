using System.Collections.Concurrent;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Models;

/// <summary>
/// Models that were found a moment ago: an inventory of many hosts is not read anew for each of many calls. What was
/// not found is looked for each time.
/// </summary>
internal sealed class ModelMemory(IModelDirectory models, ModelSettings settings, TimeProvider clock)
{
    /// <summary>By tenant and the names that callers use, of which each model has two.</summary>
    private readonly ConcurrentDictionary<(string Tenant, string Model), (KnownModel Model, long At)> _found = new();

    private readonly TimeSpan _lifetime = TimeSpan.FromSeconds(settings.CacheSeconds);

    /// <summary>Null when no agent that takes the tenant's work has it, and all were asked.</summary>
    public async Task<KnownModel?> Find(string model, string tenant, CancellationToken stop)
    {
        if (_found.TryGetValue((tenant, model), out var known) && clock.GetElapsedTime(known.At) < _lifetime)
            return known.Model;
        var at = clock.GetTimestamp();
        if (await models.Find(model, tenant, stop) is { } found)
        {
            _found[(tenant, model)] = (found, at);
            return found;
        }

        _found.TryRemove((tenant, model), out _);
        return null;
    }
}
