using System.Buffers;
using Fleet.Contracts.Attempts;
using Fleet.Protocol.Text;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Commands;

/// <summary>
/// Turns the bytes of one stream into events. Everything passes on at once and as it is, but for two things: lines
/// that are <see cref="ProgressLine"/>s or <see cref="MetricLine"/>s become that, and a character that is cut waits for its rest.
/// </summary>
/// <param name="takesProgress">Whether progress lines count on this stream.</param>
/// <param name="takesMetrics">Whether lines of metrics do, where progress does.</param>
internal sealed class OutputFilter(string stream, bool takesProgress, bool takesMetrics = false)
{
    private const byte NewLine = (byte)'\n';

    private readonly ArrayBufferWriter<byte> _passing = new();
    private readonly byte[] _line = new byte[ProgressLine.Longest];
    private readonly bool _takesProgress = takesProgress;
    private int _lineLength;
    private bool _mayBeProgress = takesProgress;

    public void Add(ReadOnlySpan<byte> bytes, List<AttemptEvent> happened)
    {
        while (!bytes.IsEmpty)
            bytes = _mayBeProgress ? Examine(bytes, happened) : Pass(bytes);
        Emit(_passing.WrittenCount - Utf8Edge.CutBytes(_passing.WrittenSpan), happened);
    }

    /// <summary>The stream is over: what was held back comes out.</summary>
    public void End(List<AttemptEvent> happened)
    {
        if (_lineLength > 0)
            EndLine(happened);
        Emit(_passing.WrittenCount, happened);
    }

    /// <summary>Holds the beginning of a line while it may still become a progress line.</summary>
    private ReadOnlySpan<byte> Examine(ReadOnlySpan<byte> bytes, List<AttemptEvent> happened)
    {
        _line[_lineLength++] = bytes[0];
        if (!MayBecomeOne(_line.AsSpan(0, _lineLength)))
        {
            _mayBeProgress = bytes[0] == NewLine;
            PassLine();
        }
        else if (bytes[0] == NewLine)
        {
            EndLine(happened);
        }
        else if (_lineLength == _line.Length)
        {
            _mayBeProgress = false;
            PassLine();
        }

        return bytes[1..];
    }

    /// <summary>Passes everything up to the next line that begins like a progress line.</summary>
    private ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        if (_takesProgress)
        {
            var next = bytes.IndexOf("\n:"u8);
            length = next < 0 ? bytes.Length : next + 1;
            _mayBeProgress = bytes[length - 1] == NewLine;
        }

        _passing.Write(bytes[..length]);
        return bytes[length..];
    }

    private void EndLine(List<AttemptEvent> happened)
    {
        var line = _line.AsSpan(0, _lineLength);
        AttemptEvent? said = ProgressLine.Read(line) is { } progress ? new Progressed(progress)
            : takesMetrics && MetricLine.Read(line) is { } metrics ? new Measured(metrics)
            : null;
        if (said is null)
        {
            PassLine();
            return;
        }

        _lineLength = 0;
        Emit(_passing.WrittenCount, happened);
        happened.Add(said);
    }

    private bool MayBecomeOne(ReadOnlySpan<byte> first) =>
        ProgressLine.MayBecomeOne(first) || (takesMetrics && MetricLine.MayBecomeOne(first));

    private void PassLine()
    {
        _passing.Write(_line.AsSpan(0, _lineLength));
        _lineLength = 0;
    }

    private void Emit(int length, List<AttemptEvent> happened)
    {
        if (length == 0)
            return;
        var rest = _passing.WrittenSpan[length..].ToArray();
        happened.Add(new Wrote(new OutputChunk(stream, _passing.WrittenSpan[..length].ToArray())));
        _passing.ResetWrittenCount();
        _passing.Write(rest);
    }
}
