using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>A fleet whose agent has one upstream, an echo that the tests tell how to behave.</summary>
[CollectionDefinition(Name)]
public sealed class ModelFleet : FleetUnderTest, ICollectionFixture<ModelFleet>, IAsyncLifetime
{
    public const string Name = "model calls";
    public const string StateSecret = "shared words";

    private readonly Dictionary<string, string> _settings;

    public ModelFleet() : this(new Dictionary<string, string>
    {
        ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
        ["Webhooks__StateSecret"] = StateSecret,
        ["Worker__Upstreams__echo__Generations"] = "20",
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__ReconcileSeconds"] = "2",
        ["Rabbit__PulseSeconds"] = "1",
    })
    {
    }

    private ModelFleet(Dictionary<string, string> settings) : base(controls: 1, workers: 1, settings) => _settings = settings;

    /// <summary>The models' host.</summary>
    public EchoServer Echo { get; private set; } = null!;

    async Task IAsyncLifetime.InitializeAsync()
    {
        Echo = await EchoServer.Start();
        Echo.Models.Replace(["echo", "other"]);
        _settings["Worker__Upstreams__echo__Url"] = Echo.Url;
        await InitializeAsync();
        await Eventually.True(
            async () => (await Client.Get<ModelList>("/api/tags")).Models.Count > 0, "the models are known");
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Echo.DisposeAsync();
    }

    private sealed record ModelList(IReadOnlyList<ModelName> Models);

    private sealed record ModelName(string Name);
}
