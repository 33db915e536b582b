using System.Globalization;
using System.Net;
using Fleet.Chaos.Output;

namespace Fleet.Chaos.Target;

/// <summary>
/// A fleet of real processes with a home and ports of its own. Its agents, and its last Control, reach the broker
/// through relays; one agent lives on an island, one works on a small disk.
/// </summary>
internal sealed class ChaosFleet : IAsyncDisposable
{
    private readonly ChaosOptions _options;
    private readonly RunLog _log;
    private readonly ChaosPorts _ports;
    private readonly CleanUp _cleanUp;
    private readonly Scripts _scripts;
    private readonly CancellationTokenSource _over = new();
    private Task _keeping = Task.CompletedTask;

    private ChaosFleet(ChaosOptions options, ProcessNames names, RunLog log)
    {
        (_options, _log) = (options, log);
        _cleanUp = CleanUp.After(Place);
        _ports = ChaosPorts.Choose(options.Edges, options.Controls);
        _scripts = new Scripts(Place, _ports, options);
        Processes = new Processes(Place.Home, names);
        Keeper = new Keeper(Processes, _scripts, log);
        Broker = new BrokerTools(Place.Home);
    }

    public ChaosPlace Place { get; } = new();

    public Processes Processes { get; }

    public Keeper Keeper { get; }

    public BrokerTools Broker { get; }

    public Links Links { get; } = new();

    /// <summary>Null where this machine allows none; then the island's agent is cut off by its relays.</summary>
    public Island? Island { get; private set; }

    /// <summary>Null where this machine allows none.</summary>
    public SmallDisk? Disk { get; private set; }

    public Api Api { get; private set; } = null!;

    /// <summary>Agents whose surroundings are special.</summary>
    public string IslandAgent => Processes.Names.Workers[^1];

    public string DiskAgent => Processes.Names.Workers[0];

    public string Database => Place.Home.PostgresConnection;

    public Uri BrokerAddress =>
        new($"amqp://{Place.Home.BrokerLogin.User}:{Place.Home.BrokerLogin.Password}@127.0.0.1:{_ports.Rabbit}/");

    public Uri BrokerPage => new($"http://127.0.0.1:{_ports.RabbitUi}/api/");

    /// <summary>Keeps logs and data when it is disposed of.</summary>
    public bool Keep { get; set; }

    public static async Task<ChaosFleet> Start(
        ChaosOptions options, ProcessNames names, RunLog log, CancellationToken stop)
    {
        var fleet = new ChaosFleet(options, names, log);
        try
        {
            await fleet.Prepare();
            log.Say($"starting a fleet in {fleet.Place.Root}");
            await fleet._scripts.Up().WaitAsync(stop);
            fleet.Api = new Api(
                Enumerable.Range(fleet._ports.Edge, options.Edges).Select(port => new Uri($"http://127.0.0.1:{port}")),
                fleet.Place.Home.AdminKey);
            fleet._keeping = fleet.Keeper.Watch(fleet._over.Token);
            return fleet;
        }
        catch (Exception failure)
        {
            var words = fleet.Place.Home.LastWords();
            await fleet.DisposeAsync();
            throw new InvalidOperationException($"The fleet did not start. {failure.Message}\n{words}", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _keeping;
        Links.Dispose();
        Api?.Dispose();
        await _cleanUp.Now(Keep);
        if (Keep)
            _log.Say($"the fleet is left, stopped, in {Place.Root}");
        _over.Dispose();
    }

    private async Task Prepare()
    {
        (Island, var noIsland) = await Island.Raise();
        if (Island is null)
            _log.Say($"no network namespace ({noIsland}): the partition is made by the relays");
        (Disk, var noDisk) = await SmallDisk.Mount(Place.Disk);
        if (Disk is null)
            _log.Say($"no small file system ({noDisk}): no full disk");

        var shim = new DotnetShim(Place);
        foreach (var worker in Processes.Names.Workers)
            shim.Override(worker, SettingsOf(worker), worker == IslandAgent && Island is not null ? Island.Prefix : "");
        var last = Processes.Names.Controls[^1];
        if (_options.Controls > 1)
            shim.Override(last, BrokerBehindRelay(last, IPAddress.Loopback));
    }

    private Dictionary<string, string> SettingsOf(string worker)
    {
        var isOnIsland = worker == IslandAgent;
        var shore = isOnIsland && Island is not null ? Island.Shore : IPAddress.Loopback;
        var settings = BrokerBehindRelay(worker, shore);
        if (isOnIsland)
        {
            var port = Links.Add(worker, shore, _ports.Edge, speaksAmqp: false);
            settings["Worker__Control"] = string.Create(CultureInfo.InvariantCulture, $"http://{shore}:{port}");
        }

        if (worker == DiskAgent && Disk is not null)
            settings["Worker__WorkDirectory"] = Disk.Work;
        return settings;
    }

    private Dictionary<string, string> BrokerBehindRelay(string process, IPAddress shore) => new()
    {
        ["Rabbit__Host"] = shore.ToString(),
        ["Rabbit__Port"] = Links.Add(process, shore, _ports.Rabbit, speaksAmqp: true)
            .ToString(CultureInfo.InvariantCulture),
    };
}
