using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// A client that is still sending when it is refused sees a broken connection instead of the answer, unless somebody
/// reads on. The server does that by itself for five seconds, but only within the limit of the request: this raises it.
/// </summary>
internal static class UnreadBody
{
    /// <summary>Bytes beyond what the route accepts that are read and thrown away.</summary>
    private const long MaxDrained = 32 * 1024 * 1024;

    /// <param name="accepted">Bytes that the route reads for itself.</param>
    public static void MayBeDrained(HttpContext context, long accepted)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = accepted + MaxDrained;
    }
}
