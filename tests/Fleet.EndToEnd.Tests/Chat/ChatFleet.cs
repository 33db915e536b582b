using Fleet.EchoModel;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>A fleet whose agent has one upstream that speaks aichat, an echo that the tests tell how to behave.</summary>
[CollectionDefinition(Name)]
public sealed class ChatFleet : FleetUnderTest, ICollectionFixture<ChatFleet>, IAsyncLifetime
{
    public const string Name = "chats";

    /// <summary>Who answers there.</summary>
    public const string Persona = "assistant";

    private readonly Dictionary<string, string> _settings;

    public ChatFleet() : this(new Dictionary<string, string>
    {
        ["Worker__Upstreams__chat__Protocol"] = "aichat",
        ["Worker__Upstreams__chat__Persona"] = Persona,
        ["Worker__UpstreamProbeSeconds"] = "0.3",
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__AcceptanceSeconds"] = "5",
        ["Leases__ReconcileSeconds"] = "2",
        ["Rabbit__PulseSeconds"] = "1",
    })
    {
    }

    private ChatFleet(Dictionary<string, string> settings) : base(controls: 1, workers: 1, settings) => _settings = settings;

    /// <summary>The upstream.</summary>
    public EchoServer Echo { get; private set; } = null!;

    /// <summary>Speaks paliad's wire, with the admin's key.</summary>
    internal PaliadClient Paliad => new(Client);

    async Task IAsyncLifetime.InitializeAsync()
    {
        Echo = await EchoServer.Start();
        _settings["Worker__Upstreams__chat__Url"] = Echo.Url;
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Echo.DisposeAsync();
    }
}
