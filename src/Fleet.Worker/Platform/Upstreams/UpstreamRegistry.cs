using Fleet.Contracts.Agents;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>All upstreams of this agent.</summary>
internal sealed class UpstreamRegistry : IDisposable
{
    private readonly Dictionary<string, Upstream> _upstreams;

    public UpstreamRegistry(WorkerSettings settings) => _upstreams = settings.Upstreams.ToDictionary(
        upstream => upstream.Key, upstream => new Upstream(upstream.Key, upstream.Value, LookDue));

    public bool IsEmpty => _upstreams.Count == 0;

    /// <summary>What is known of them is to be looked at again now.</summary>
    public Signal LookDue { get; } = new();

    public IReadOnlyList<UpstreamReport> Reports => [.. _upstreams.Values.Select(upstream => upstream.Report)];

    /// <param name="name">Null means any that has the model.</param>
    /// <param name="model">Null means any model.</param>
    /// <exception cref="UpstreamException">There is none.</exception>
    public Upstream Get(string? name, string? model)
    {
        var found = name is not null
            ? _upstreams.GetValueOrDefault(name)
            : _upstreams.Values.FirstOrDefault(upstream => model is null || upstream.Has(model));
        return found ?? throw UpstreamException.Unreachable(name ?? "none", "this agent has no upstream of this name.");
    }

    public Task Look(CancellationToken stop) => Task.WhenAll(_upstreams.Values.Select(upstream => upstream.Look(stop)));

    public void Dispose()
    {
        foreach (var upstream in _upstreams.Values)
            upstream.Dispose();
    }
}
