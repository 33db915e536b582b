using System.Net;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A watcher whose connection breaks again and again, and who comes back as a browser does.</summary>
internal sealed class CutWatcher(FleetClient client, string jobId)
{
    private const int ReadBytes = 4096;

    private readonly Lock _gate = new();
    private readonly List<JournalEvent> _seen = [];
    private string? _lastEventId;
    private int _fruitless;

    public int Connections { get; private set; }

    /// <summary>Answers that were errors, and connections that broke.</summary>
    public List<string> Troubles { get; } = [];

    /// <summary>All events, from all connections.</summary>
    public IReadOnlyList<JournalEvent> Seen
    {
        get
        {
            lock (_gate)
                return [.. _seen];
        }
    }

    /// <summary>Watches until the server says that nothing follows.</summary>
    /// <param name="nextCut">After how many bytes the next connection is cut; later where the last held no whole event.</param>
    public async Task Watch(Func<int> nextCut)
    {
        while (await Connect((int)Math.Min(int.MaxValue, (long)nextCut() << Math.Min(_fruitless++, 20))))
            Connections++;
    }

    private async Task<bool> Connect(int cut)
    {
        try
        {
            using var answer = await client.Watch(jobId, _lastEventId);
            if (answer.StatusCode == HttpStatusCode.NoContent)
                return false;
            if (answer.StatusCode is HttpStatusCode.OK)
                await Read(await answer.Content.ReadAsStreamAsync(), cut);
            else
                Refused((int)answer.StatusCode);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            Troubles.Add(broken.GetBaseException().Message); // a browser comes back as well
        }

        return true;
    }

    private void Refused(int status)
    {
        status.ShouldBeGreaterThan(500, $"Last-Event-ID {_lastEventId}");
        Troubles.Add($"status {status}");
    }

    private async Task Read(Stream stream, int cut)
    {
        var parser = new EventParser(); // what was cut off is lost with the connection
        var buffer = new byte[ReadBytes];
        int read;
        do
        {
            read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(ReadBytes, cut))).AsTask().Within();
            cut -= read;
            foreach (var happened in parser.Read(buffer.AsMemory(0, read)))
                Take(happened);
            _lastEventId = parser.LastEventId ?? _lastEventId;
        }
        while (read > 0 && cut > 0);
    }

    private void Take(JournalEvent happened)
    {
        _fruitless = 0;
        lock (_gate)
            _seen.Add(happened);
    }
}
