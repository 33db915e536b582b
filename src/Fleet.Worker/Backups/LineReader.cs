using System.Buffers;
using System.Text;

namespace Fleet.Worker.Backups;

/// <summary>The lines of a pipe, as they come. One that is longer than it may be is cut.</summary>
internal sealed class LineReader(Stream pipe, int longest)
{
    private const int ReadBytes = 64 * 1024;

    /// <summary>Returns at the end of the pipe.</summary>
    public async Task ReadAll(Func<string, Task> take, CancellationToken over)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        var line = new ArrayBufferWriter<byte>();
        try
        {
            while (await pipe.ReadAsync(buffer.AsMemory(), over) is > 0 and var read)
            {
                for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty;)
                {
                    var end = rest.Span.IndexOf((byte)'\n');
                    var piece = end < 0 ? rest : rest[..end];
                    line.Write(piece.Span[..Math.Min(piece.Length, longest - line.WrittenCount)]);
                    rest = end < 0 ? default : rest[(end + 1)..];
                    if (end >= 0)
                        await Pass(line, take);
                }
            }

            if (line.WrittenCount > 0)
                await Pass(line, take);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // a process that got away may hold the pipe open for ever
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task Pass(ArrayBufferWriter<byte> line, Func<string, Task> take)
    {
        var text = Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
        line.ResetWrittenCount();
        await take(text);
    }
}
