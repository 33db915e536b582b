using System.Text;

namespace Fleet.Control.Platform.Journal;

/// <summary>
/// One thing that happened to one piece of work. Entries of a stream are numbered from 1 without gaps.
/// </summary>
/// <param name="Type">What watchers see as the event's name.</param>
/// <param name="Attempt">The attempt it belongs to; 0 before the first.</param>
/// <param name="Data">JSON for watchers; null for output and for the end.</param>
/// <param name="Output">Raw bytes that the attempt wrote; null for everything else.</param>
internal sealed record JournalEntry(
    Guid Stream, long Seq, string Type, int Attempt, DateTimeOffset At, string? Data, byte[]? Output)
{
    /// <summary>The last entry of a stream: nothing can follow it.</summary>
    public const string End = "end";

    private byte[]? _event;
    private Lazy<Task<byte[]>>? _lastEvent;

    public bool IsLast => Type == End;

    public bool IsOutput => Output is not null;

    /// <summary>Roughly what it costs to keep, in bytes.</summary>
    public int Weight => 200 + (Data?.Length ?? 0) + (2 * Output?.Length ?? 0);

    /// <summary>The server-sent event, made once however many watch.</summary>
    public byte[] ToEvent(Func<JournalEntry, (string Name, string Data)> render)
    {
        if (_event is not null)
            return _event;
        var (name, data) = render(this);
        return _event = Write(name, data);
    }

    /// <summary>The event of the last entry: its data is asked for once for all who wait for it at the same time.</summary>
    public Task<byte[]> ToLastEvent(Func<Task<string>> data)
    {
        var mine = new Lazy<Task<byte[]>>(Ask);
        return (Interlocked.CompareExchange(ref _lastEvent, mine, null) ?? mine).Value;

        async Task<byte[]> Ask()
        {
            try
            {
                return Write(End, await data());
            }
            catch
            {
                _lastEvent = null; // whoever comes later may have more luck
                throw;
            }
        }
    }

    private byte[] Write(string name, string data) => Encoding.UTF8.GetBytes($"id: {Seq}\nevent: {name}\ndata: {data}\n\n");
}
