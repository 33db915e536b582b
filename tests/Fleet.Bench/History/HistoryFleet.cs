using Fleet.Bench.Target;

namespace Fleet.Bench.History;

/// <summary>One fleet with its history.</summary>
internal sealed class HistoryFleet : IAsyncDisposable
{
    private readonly FleetApi _small;

    private HistoryFleet(string name, FleetHome home, FleetApi api, FleetApi small)
    {
        Name = name;
        Api = api;
        _small = small;
        History = new HistoryTable(home.Postgres);
        Table = new JobsTable(home.Postgres);
    }

    public string Name { get; }

    public FleetApi Api { get; }

    public HistoryTable History { get; }

    public JobsTable Table { get; }

    public static async Task<HistoryFleet> Of(string name, FleetHome home, CancellationToken stop)
    {
        home.MustRun();
        var api = new FleetApi(home.Edge, home.AdminKey);
        return new HistoryFleet(
            name, home, api, new FleetApi(home.Edge, await api.NewKey(HistoryTable.SmallTenant, stop)));
    }

    public HistoryQuestions Questions() => new(Api, _small);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        _small.Dispose();
        await History.DisposeAsync();
        await Table.DisposeAsync();
    }
}
