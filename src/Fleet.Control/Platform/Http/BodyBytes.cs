using System.Buffers;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// A whole request body in a borrowed buffer. Only for bodies within <see cref="HttpSettings.MaxBodyBytes"/>.
/// </summary>
internal sealed class BodyBytes : IDisposable
{
    private const int FirstRead = 16 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
    private int _length;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Grows with what arrives, not with what the client announces.</summary>
    public static async Task<BodyBytes> Read(HttpRequest request)
    {
        var limit = request.HttpContext.RequestServices.GetRequiredService<HttpSettings>().MaxBodyBytes;
        UnreadBody.MayBeDrained(request.HttpContext, limit);
        if (request.ContentLength > limit)
            throw new ProblemException(Problem.TooLarge(limit));

        var body = new BodyBytes();
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(body.Room(), request.HttpContext.RequestAborted)) > 0)
            {
                body._length += read;
                if (body._length > limit)
                    throw new ProblemException(Problem.TooLarge(limit));
            }

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
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private Memory<byte> Room()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length);
    }
}
