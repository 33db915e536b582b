using System.Collections.Concurrent;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Models;

/// <summary>
/// Models that were found a moment ago: an inventory of many hosts is not read anew for each of many calls. What was
/// not found is looked for each time.
/// </summary>
internal sealed class ModelMemory(IModelDirectory models, ModelSettings settings, TimeProvider clock)
{
    /// <summary>By the names that callers use, of which each model has two.</summary>
    private readonly ConcurrentDictionary<string, (KnownModel Model, long At)> _found = new(StringComparer.Ordinal);

    private readonly TimeSpan _lifetime = TimeSpan.FromSeconds(settings.CacheSeconds);

    /// <summary>Null when no agent has it, and all were asked.</summary>
    public async Task<KnownModel?> Find(string model, CancellationToken stop)
    {
        if (_found.TryGetValue(model, out var known) && clock.GetElapsedTime(known.At) < _lifetime)
            return known.Model;
        var at = clock.GetTimestamp();
        if (await models.Find(model, stop) is { } found)
        {
            _found[model] = (found, at);
            return found;
        }

        _found.TryRemove(model, out _);
        return null;
    }
}
