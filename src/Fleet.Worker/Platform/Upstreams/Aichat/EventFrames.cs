using System.Buffers;
using System.Text;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>
/// The frames of a stream of server-sent events, wherever they were cut on the way:
/// https://html.spec.whatwg.org/multipage/server-sent-events.html
/// </summary>
internal sealed class EventFrames(AnswerLines lines, string upstream)
{
    private const int LongestFrame = 8 * 1024 * 1024;

    private bool _isFirst = true;

    /// <summary>Null after the last.</summary>
    /// <exception cref="UpstreamException">It breaks off, nothing comes for too long, or it is no such stream.</exception>
    public async Task<EventFrame?> Next()
    {
        var name = "";
        ArrayBufferWriter<byte>? data = null;
        while (await lines.NextOrEmpty() is { } line)
        {
            line = WithoutMark(line);
            if (line.IsEmpty && data is not null)
                return new EventFrame(name, data.WrittenMemory, IsWhole: true);
            if (line.IsEmpty)
                name = "";
            else if (ValueOf("data", line) is { } more)
                data = Add(data, more);
            else if (ValueOf("event", line) is { } said)
                name = Encoding.UTF8.GetString(said.Span);
            else if (!lines.IsOpen && !IsKnown(line))
                throw UpstreamException.Rubbish(
                    upstream, $"it is no event stream, and begins with: {UpstreamJson.Beginning(line)}");
        }

        return data is null ? null : new EventFrame(name, data.WrittenMemory, IsWhole: false);
    }

    /// <summary>A stream may begin with a byte order mark.</summary>
    private ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> line)
    {
        var isMarked = _isFirst && line.Span.StartsWith(Encoding.UTF8.Preamble);
        _isFirst = false;
        return isMarked ? line[Encoding.UTF8.Preamble.Length..] : line;
    }

    private ArrayBufferWriter<byte> Add(ArrayBufferWriter<byte>? data, ReadOnlyMemory<byte> more)
    {
        if (data is null)
            data = new ArrayBufferWriter<byte>(Math.Max(more.Length, 1));
        else
            data.Write("\n"u8);
        if (data.WrittenCount + more.Length > LongestFrame)
            throw UpstreamException.Rubbish(upstream, $"a frame has more than {LongestFrame} bytes.");
        data.Write(more.Span);
        return data;
    }

    /// <summary>Null where the line is of another field.</summary>
    private static ReadOnlyMemory<byte>? ValueOf(string field, ReadOnlyMemory<byte> line)
    {
        if (!Ascii.Equals(line.Span[..Math.Min(field.Length, line.Length)], field))
            return null;
        var value = line[field.Length..];
        return value.Span switch
        {
            [] => value,
            [(byte)':', (byte)' ', ..] => value[2..],
            [(byte)':', ..] => value[1..],
            _ => null,
        };
    }

    /// <summary>A comment, or a field that says nothing here.</summary>
    private static bool IsKnown(ReadOnlyMemory<byte> line) =>
        line.Span[0] == (byte)':' || ValueOf("id", line) is not null || ValueOf("retry", line) is not null;
}

/// <param name="Name">Empty where it has none.</param>
/// <param name="IsWhole">False for what a stream ended with before the frame's own end.</param>
internal readonly record struct EventFrame(string Name, ReadOnlyMemory<byte> Data, bool IsWhole);
