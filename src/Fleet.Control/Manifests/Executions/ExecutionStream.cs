using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// How far an execution is, as server-sent events: <c>progress</c> whenever it is further, and <c>end</c>, each with the whole
/// execution. Whoever comes back is told where it is now, and has missed nothing.
/// </summary>
internal sealed class ExecutionStream(ExecutionStore store, ManifestSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public async Task Write(Guid execution, HttpResponse response, CancellationToken stop)
    {
        var watcher = EventStream.Begin(response);
        await watcher.Write("retry: 2000\n\n"u8.ToArray(), stop);
        string? told = null;
        var spoke = clock.GetTimestamp();
        while (await store.Find(execution, stop) is { } row)
        {
            var isOver = ExecutionStates.IsOver(row.State) && row.Open == 0;
            var now = JsonSerializer.Serialize(await store.View(row, stop), FleetJson.Options);
            if (isOver || now != told)
                await watcher.Write(Event(row.Version, isOver ? "end" : "progress", now), stop);
            else if (clock.GetElapsedTime(spoke) >= KeepAlive)
                await watcher.Write(": keep-alive\n\n"u8.ToArray(), stop);
            else
            {
                await Task.Delay(TimeSpan.FromSeconds(settings.WatchSeconds), clock, stop);
                continue;
            }

            (told, spoke) = (now, clock.GetTimestamp());
            await watcher.Flush(stop);
            if (isOver)
                return;
        }
    }

    private static byte[] Event(int id, string name, string data) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: {data}\n\n"));
}
