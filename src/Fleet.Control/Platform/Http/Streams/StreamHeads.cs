using Fleet.Control.Platform.Access.Keys;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Control.Platform.Http.Streams;

/// <summary>
/// Ends a HEAD request for an answer that may take days as soon as its headers are known: nobody would read the rest, and
/// the connection could not be used before its end.
/// </summary>
internal sealed class StreamHeads(RequestDelegate next)
{
    public async Task Invoke(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method)
            || context.GetEndpoint()?.Metadata.GetMetadata<EndsWithKey>() is null)
        {
            await next(context);
            return;
        }

        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new Unread(real), real));
        try
        {
            await next(context);
        }
        catch (HeadIsOutException)
        {
            // all that was asked for
        }
        finally
        {
            context.Features.Set(real);
        }
    }

    private sealed class HeadIsOutException : Exception;

    /// <summary>Takes what is written and sends the headers instead.</summary>
    private sealed class Unread(IHttpResponseBodyFeature real) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => throw new NotSupportedException();

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await real.StartAsync(cancellationToken);
            throw new HeadIsOutException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
