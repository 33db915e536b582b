using System.Collections.Frozen;

namespace Fleet.Worker.Attempts;

/// <summary>What this agent can do, by kind of work; two that claim the same kind keep it from starting.</summary>
internal sealed class Executors(IEnumerable<IExecutor> all)
{
    private readonly FrozenDictionary<string, IExecutor> _byKind = all.ToFrozenDictionary(
        executor => executor.Kind, StringComparer.Ordinal);

    /// <summary>Null when this agent does not know the kind.</summary>
    public IExecutor? Find(string kind) => _byKind.GetValueOrDefault(kind);
}
