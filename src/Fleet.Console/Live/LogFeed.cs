using System.Text;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Fleet.Client;
using Fleet.Client.Work;
using Fleet.Console.Text;
using Microsoft.JSInterop;

namespace Fleet.Console.Live;

/// <summary>A line as the browser draws it.</summary>
/// <param name="Pieces">Each a text and its classes.</param>
/// <param name="Class">Of the whole line: <c>err</c>, <c>note</c>, or empty.</param>
internal sealed record LogLine([property: JsonPropertyName("s")] string[][] Pieces, [property: JsonPropertyName("c")] string Class);

/// <param name="Rest">What has no end yet; null where there is nothing.</param>
/// <param name="Dropped">Lines that came faster than they can be shown.</param>
internal sealed record LogBatch(IReadOnlyList<LogLine> Lines, LogLine? Rest, int Dropped);

/// <summary>
/// Follows the output of a job for one page. What comes while the page draws gathers; of more than it can show only the last
/// lines are drawn, so that a flood neither holds up the page nor is kept.
/// </summary>
internal sealed class LogFeed(
    FleetClient fleet, string jobId, string stream, Func<LogBatch, ValueTask> draw, Action<IReadOnlyList<JobEvent>, string> tell,
    TimeProvider clock) : IDisposable
{
    /// <summary>Lines that a page keeps, and that are drawn at once when it has none yet; console.js knows the same number.</summary>
    private const int MostKept = 5000;

    /// <summary>Lines that are drawn at once later.</summary>
    private const int MostAtOnce = 1000;

    private const int MostWaiting = 2000;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);

    private readonly CancellationTokenSource _over = new();
    private readonly Dictionary<string, (AnsiText Text, Decoder Decoder)> _streams = [];
    private readonly Channel<JobEvent> _events = Channel.CreateBounded<JobEvent>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });

    private volatile string _status = "connecting…";
    private string _last = "";
    private int _drawn;

    public static LogFeed Begin(
        FleetClient fleet, string jobId, string stream, Func<LogBatch, ValueTask> draw, Action<IReadOnlyList<JobEvent>, string> tell,
        TimeProvider clock)
    {
        var feed = new LogFeed(fleet, jobId, stream, draw, tell, clock);
        _ = feed.Follow();
        _ = feed.Draw();
        return feed;
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private async Task Follow()
    {
        var stop = _over.Token;
        try
        {
            await foreach (var happened in fleet.Jobs.Events(jobId, interrupted: _ => _status = "lost, trying again…", stop: stop))
            {
                _status = "live";
                await _events.Writer.WriteAsync(happened, stop);
            }

            _status = "complete";
        }
        catch (FleetException no)
        {
            _status = Words.Plain(no.Message);
        }
        catch (FleetUnreachableException)
        {
            _status = "the fleet cannot be reached";
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _events.Writer.TryComplete();
    }

    private async Task Draw()
    {
        var stop = _over.Token;
        try
        {
            while (await _events.Reader.WaitToReadAsync(stop))
            {
                var (lines, seen) = (new List<LogLine>(), new List<JobEvent>());
                var (most, dropped) = (_drawn < MostKept ? MostKept : MostAtOnce, 0);
                while (seen.Count < MostWaiting && _events.Reader.TryRead(out var happened))
                {
                    seen.Add(happened);
                    Write(happened, lines);
                    if (lines.Count > 2 * most)
                        dropped += Shorten(lines, most);
                }

                if (lines.Count > most)
                    dropped += Shorten(lines, most);
                if (dropped > 0)
                    lines.Insert(0, new LogLine([[$"— {Words.Count(dropped)} lines are not shown", ""]], "note"));
                _drawn += lines.Count;
                await draw(new LogBatch(lines, Rest(), dropped));
                stop.ThrowIfCancellationRequested();
                tell(seen, _status);
                await Task.Delay(Frame, clock, stop);
            }

            tell([], _status);
        }
        catch (Exception gone) when (gone is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
        {
            // nobody looks any more
        }
    }

    private static int Shorten(List<LogLine> lines, int most)
    {
        var dropped = lines.Count - most;
        lines.RemoveRange(0, dropped);
        return dropped;
    }

    private void Write(JobEvent happened, List<LogLine> lines)
    {
        switch (happened)
        {
            case JobEvent.Output output when stream.Length == 0 || output.Stream == stream:
                var (text, decoder) = Of(output.Stream);
                _last = output.Stream;
                var letters = new char[decoder.GetCharCount(output.Bytes.Span, flush: false)];
                decoder.GetChars(output.Bytes.Span, letters, flush: false);
                lines.AddRange(text.Read(new string(letters)).Select(line => Line(line, Class(output.Stream))));
                break;
            case JobEvent.StateChanged state:
                var attempt = state.Attempt > 0 ? $", attempt {state.Attempt}" : "";
                var note = $"— {state.To}{attempt}{Also(state.Agent, " on ")}{Also(state.Reason, ": ")}";
                lines.Add(new LogLine([[Words.Plain(note), ""]], "note"));
                break;
            default:
                break;
        }
    }

    private static string Also(string? text, string before) => string.IsNullOrEmpty(text) ? "" : before + text;

    private (AnsiText Text, Decoder Decoder) Of(string name)
    {
        if (!_streams.TryGetValue(name, out var one))
            _streams[name] = one = (new AnsiText(), Encoding.UTF8.GetDecoder());
        return one;
    }

    private LogLine? Rest() => _streams.TryGetValue(_last, out var one) && one.Text.Rest is { Count: > 0 } rest
        ? Line(rest, Class(_last))
        : null;

    private static LogLine Line(IReadOnlyList<Span> pieces, string look) =>
        new([.. pieces.Select(piece => (string[])[piece.Text, piece.Look])], look);

    private static string Class(string name) => name == "stderr" ? "err" : "";
}
