using System.Buffers;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// A whole request body in a borrowed buffer. Only for bodies within <see cref="HttpSettings.MaxBodyBytes"/>.
/// </summary>
internal sealed class BodyBytes : IDisposable
{
    private const int FirstRead = 16 * 1024;

    /// <summary>Bytes of a body that is read at once, whatever else is being read.</summary>
    private const int MostSmall = 256 * 1024;

    private readonly LargeBodies _large;
    private readonly int _limit;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
    private int _length;
    private bool _isLarge;

    private BodyBytes(IServiceProvider services)
    {
        _large = services.GetRequiredService<LargeBodies>();
        _limit = services.GetRequiredService<HttpSettings>().MaxBodyBytes;
    }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Grows with what arrives, not with what the client announces.</summary>
    public static async Task<BodyBytes> Read(HttpRequest request)
    {
        var body = new BodyBytes(request.HttpContext.RequestServices);
        try
        {
            UnreadBody.MayBeDrained(request.HttpContext, body._limit);
            RequirePlain(request);
            if (request.ContentLength > body._limit)
                throw new ProblemException(Problem.TooLarge(body._limit));
            await body.Fill(request);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Release(_buffer);
        _buffer = [];
        _length = 0;
        _isLarge = false;
    }

    /// <summary>What is compressed is not unpacked here: a small body could be a very large one.</summary>
    private static void RequirePlain(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(Problem.UnsupportedMedia(
                "The body is compressed, as Content-Encoding says: send it as it is, without that header."));
        }
    }

    private async Task Fill(HttpRequest request)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(await Room(patience), patience.Token)) > 0)
            {
                _length += read;
                if (_length > _limit)
                    throw new ProblemException(Problem.TooLarge(_limit));
            }
        }
        catch (OperationCanceledException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(Problem.OfStatus(StatusCodes.Status408RequestTimeout));
        }
    }

    private async ValueTask<Memory<byte>> Room(CancellationTokenSource patience)
    {
        if (_length == _buffer.Length)
        {
            var goesLarge = _length >= MostSmall;
            var larger = goesLarge
                ? await _large.Take(patience.Token)
                : ArrayPool<byte>.Shared.Rent(_length * 2);
            if (goesLarge)
                patience.CancelAfter(_large.Patience); // who holds a place may not dawdle
            Span.CopyTo(larger);
            Release(_buffer);
            _buffer = larger;
            _isLarge = goesLarge;
        }

        return _buffer.AsMemory(_length);
    }

    private void Release(byte[] buffer)
    {
        if (_isLarge)
            _large.Return(buffer);
        else if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
