using System.Buffers;
using Fleet.Control.Platform.Access;
using Microsoft.AspNetCore.Authorization;

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
    private readonly string _caller;
    private readonly TimeProvider _clock;
    private long _began;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
    private int _length;
    private bool _isLarge;

    private BodyBytes(HttpContext context)
    {
        var services = context.RequestServices;
        _large = services.GetRequiredService<LargeBodies>();
        var settings = services.GetRequiredService<HttpSettings>();
        var isAnonymous = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        _limit = isAnonymous ? Math.Min(settings.MaxAnonymousBytes, settings.MaxBodyBytes) : settings.MaxBodyBytes;
        _caller = context.Features.Get<Caller>()?.Tenant ?? "";
        _clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _began = _clock.GetTimestamp();
    }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Grows with what arrives, not with what the client announces.</summary>
    public static async Task<BodyBytes> Read(HttpRequest request)
    {
        var body = new BodyBytes(request.HttpContext);
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
                if (_isLarge)
                    Hurry(patience);
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
                ? await _large.Take(_caller, patience.Token)
                : ArrayPool<byte>.Shared.Rent(_length * 2);
            Span.CopyTo(larger);
            Release(_buffer);
            _buffer = larger;
            _isLarge = goesLarge;
            if (goesLarge)
            {
                _began = _clock.GetTimestamp();
                Hurry(patience);
            }
        }

        return _buffer.AsMemory(_length);
    }

    /// <summary>More time comes with more bytes only.</summary>
    private void Hurry(CancellationTokenSource patience)
    {
        var left = _large.TimeFor(_length) - _clock.GetElapsedTime(_began);
        patience.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
    }

    private void Release(byte[] buffer)
    {
        if (_isLarge)
            _large.Return(_caller, buffer);
        else if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
