using Fleet.Cli.Terminals;

namespace Fleet.Cli.Run;

/// <summary>The last step of a job's output before a stream.</summary>
/// <param name="isColoursOnly">Whether control characters other than those of colours are shown instead of sent.</param>
internal sealed class OutputGate(bool isColoursOnly)
{
    private readonly ColouredText? _text = isColoursOnly ? new() : null;

    public async Task Write(Stream stream, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await stream.WriteAsync(_text is null ? bytes : _text.Pass(bytes.Span), stop);
        await stream.FlushAsync(stop);
    }

    public async Task End(Stream stream, CancellationToken stop)
    {
        if (_text?.End() is { Length: > 0 } rest)
            await stream.WriteAsync(rest, stop);
        await stream.FlushAsync(stop);
    }
}
