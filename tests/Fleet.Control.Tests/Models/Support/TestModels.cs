using Fleet.Control.Platform.Models;

namespace Fleet.Control.Tests.Models.Support;

/// <summary>Models that a test makes up. One that is hidden is found only by looking again.</summary>
internal sealed class TestModels : IModelDirectory
{
    private readonly List<KnownModel> _known =
    [
        new(
            "echo:latest", ["worker-1"], DateTimeOffset.UnixEpoch.AddDays(20_000), 1234, "ab12", """{"family": "echo"}""", IsLoaded: true,
            LoadedUntil: DateTimeOffset.UnixEpoch.AddDays(30_000), Capabilities: ["completion", "tools"]),
        new("team/other:7b", ["worker-2"]),
    ];

    /// <summary>How often was looked for a model that is not there.</summary>
    public int Misses { get; private set; }

    public Task<IReadOnlyList<KnownModel>> List(string tenant, CancellationToken stop) => Task.FromResult<IReadOnlyList<KnownModel>>([.. _known]);

    public Task<KnownModel?> Find(string model, string tenant, CancellationToken stop)
    {
        var found = _known.Find(known => known.Name == model || known.Name == $"{model}:latest");
        if (found is null)
            Misses++;
        return Task.FromResult(found);
    }
}
