namespace Fleet.Worker.Platform.Upstreams;

/// <summary>An answer that comes line by line, as both protocols stream.</summary>
internal sealed class AnswerLines(Stream body, Silence silence)
{
    private const int LongestLine = 8 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>The last line that was given had no end: what follows it is missing, or it was the last.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The next line that is not empty, without its end; null after the last. Valid until the next call.</summary>
    /// <exception cref="UpstreamException">It breaks off, or nothing comes for too long.</exception>
    public async Task<ReadOnlyMemory<byte>?> Next()
    {
        while (await NextOrEmpty() is { } line)
        {
            if (!line.IsEmpty)
                return line;
        }

        return null;
    }

    /// <inheritdoc cref="Next"/>
    /// <summary>The next line, also an empty one.</summary>
    public async Task<ReadOnlyMemory<byte>?> NextOrEmpty()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length < 0 && !_isOver)
            {
                await ReadMore();
                continue;
            }

            if (length < 0 && _start == _end)
                return null;
            var line = _buffer.AsMemory(_start, length < 0 ? _end - _start : length);
            _start = length < 0 ? _end : _start + length + 1;
            IsOpen = length < 0;
            return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
        }
    }

    private async Task ReadMore()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
                throw UpstreamException.Rubbish(silence.Upstream, $"a line has more than {LongestLine} bytes.");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var length = await silence.Listen(over => body.ReadAsync(_buffer.AsMemory(_end), over).AsTask());
            _isOver = length == 0;
            _end += length;
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw UpstreamException.Cut(silence.Upstream, cut.GetBaseException().Message);
        }
    }
}
