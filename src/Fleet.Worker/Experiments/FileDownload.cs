using System.Buffers;
using System.Security.Cryptography;

namespace Fleet.Worker.Experiments;

/// <summary>Writes what comes into a new file, and says what it was.</summary>
internal static class FileDownload
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Whoever says nothing for so long has gone.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(60);

    /// <param name="most">Bytes; with one more it is ended.</param>
    /// <returns>SHA-256 as lower-case hex.</returns>
    /// <exception cref="InvalidDataException">There is more than that.</exception>
    public static async Task<string> Write(Stream body, string path, UnixFileMode mode, long most, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            UnixCreateMode = mode,
        });
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            for (var written = 0L; await Read(body, buffer, patience, stop) is > 0 and var read;)
            {
                written += read;
                if (written > most)
                    throw new InvalidDataException($"It has more than {most} bytes.");
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> Read(Stream body, byte[] buffer, CancellationTokenSource patience, CancellationToken stop)
    {
        patience.CancelAfter(_silence);
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException($"Nothing came for {_silence.TotalSeconds:0} s.", late);
        }
    }
}
