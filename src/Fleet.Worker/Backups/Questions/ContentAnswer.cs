namespace Fleet.Worker.Backups.Questions;

/// <summary>The bytes of a file, or a directory as tar, as restic dumps them.</summary>
internal sealed class ContentAnswer(ResticStream restic) : IAnswerSource
{
    private readonly byte[] _buffer = new byte[128 * 1024];

    public async Task<ReadOnlyMemory<byte>> Begin()
    {
        var piece = await Read();
        return piece.IsEmpty && await restic.Failure() is { } failure ? throw new UnansweredException(failure) : piece;
    }

    public async Task<ReadOnlyMemory<byte>> Next()
    {
        var piece = await Read();
        return piece.IsEmpty && await restic.Failure() is { } failure ? throw new IOException(failure.Message) : piece;
    }

    private async Task<ReadOnlyMemory<byte>> Read() => _buffer.AsMemory(0, await restic.Output.ReadAsync(_buffer));
}
