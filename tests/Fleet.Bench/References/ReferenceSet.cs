using Fleet.Bench.Load;
using Fleet.Bench.Target;

namespace Fleet.Bench.References;

/// <summary>Both references, in process and over HTTP, on Fleet's broker and database.</summary>
internal sealed class ReferenceSet : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = [];
    private readonly List<IJobSystem> _systems = [];

    private readonly ReferenceDatabase _database;

    private ReferenceSet(ReferenceDatabase database) => _database = Keep(database);

    public IReadOnlyList<IJobSystem> Systems => _systems;

    public static async Task<ReferenceSet> Start(FleetHome home, CancellationToken stop)
    {
        var database = await ReferenceDatabase.Create(home.Postgres, stop);
        var set = new ReferenceSet(database);
        try
        {
            await set.Add(set.Keep(await StepwiseReference.Start(database, home.Rabbit, stop)), stop);
            await set.Add(set.Keep(await CoalescedReference.Start(database, home.Rabbit, stop)), stop);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public Task MustBeWhole(CancellationToken stop) => _database.MustBeWhole(stop);

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
            await part.DisposeAsync();
    }

    private async Task Add(IReference reference, CancellationToken stop)
    {
        var server = Keep(await ReferenceServer.Start(reference, stop));
        _systems.Add(new ReferenceInProcess(reference));
        _systems.Add(new ReferenceOverHttp(reference, server.Api));
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
