using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Edge.Controls;

/// <summary>The life of a request that the edge ends before its time.</summary>
/// <param name="real">What its caller does.</param>
/// <param name="isWhole">Whether what was answered is whole as far as it goes: then the connection is not broken for it.</param>
/// <param name="end">Cancelled when the edge ends it, or the caller.</param>
internal sealed class EarlyEnd(IHttpRequestLifetimeFeature real, Func<bool> isWhole, CancellationToken end) : IHttpRequestLifetimeFeature
{
    private readonly CancellationToken _end = end;

    public CancellationToken RequestAborted { get; set; } = end;

    public void Abort()
    {
        if (!_end.IsCancellationRequested || real.RequestAborted.IsCancellationRequested || !isWhole())
            real.Abort();
    }
}
