namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// A fleet of real processes with a home and ports of its own, started by the project's scripts and shared by the
/// tests of one collection. Tests keep apart by the names and labels of their jobs.
/// </summary>
public abstract class FleetUnderTest : IAsyncLifetime
{
    private readonly int _workers;
    private Guardian? _guardian;
    private FleetClient? _client;

    private protected FleetUnderTest(int controls, int workers, IReadOnlyDictionary<string, string>? others = null)
    {
        _workers = workers;
        Home = FleetHome.Create();
        Scripts = new FleetScripts(Home, FleetPorts.Choose(), controls, others ?? new Dictionary<string, string>());
    }

    internal FleetHome Home { get; }

    internal FleetScripts Scripts { get; }

    /// <summary>Speaks through the edge, with the first admin key.</summary>
    internal FleetClient Client => _client ?? throw new InvalidOperationException("The fleet has not started.");

    internal RabbitUi Rabbit { get; private set; } = null!;

    internal Database Database { get; private set; } = null!;

    /// <summary>What <c>up.sh</c> printed at the start.</summary>
    internal string Greeting { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _guardian = Guardian.Over(Home);
        try
        {
            Greeting = await Heal();
        }
        catch (Exception failure)
        {
            var words = $"The fleet did not start. {failure.Message}\n{Home.LastWords()}";
            throw new InvalidOperationException(words, failure);
        }

        _client = ClientWith(Home.AdminKey);
        Rabbit = new RabbitUi(Scripts.Ports.RabbitUi, Home.BrokerLogin);
        Database = new Database(Home.PostgresConnection);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        Rabbit?.Dispose();
        if (Database is not null)
            await Database.DisposeAsync();
        if (_guardian is not null)
            await _guardian.TakeDown();
    }

    /// <summary>Another client, who has to be disposed of.</summary>
    internal FleetClient ClientWith(string key) => new(Scripts.Ports.EdgeUrl, key);

    /// <summary>Sees to it that everything runs, whatever a test has killed.</summary>
    internal async Task<string> Heal()
    {
        if (_workers > 1 && !Home.Runs(FleetScripts.Narrow))
        {
            await Scripts.Up(1, FleetScripts.Wide);
            return await Scripts.Up(_workers, FleetScripts.Narrow);
        }

        return await Scripts.Up(_workers, FleetScripts.Wide);
    }
}
