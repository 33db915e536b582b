using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Fleet.Edge.Controls;

/// <summary>
/// Hands on a path that holds an escaped percent sign as it came. The proxy decodes a path and encodes it again, which
/// does not always give back what such a sign stood for.
/// </summary>
internal static class EscapedPath
{
    private const string PercentSign = "%25";

    public static void Keep(TransformBuilderContext route) => route.AddRequestTransform(request =>
    {
        var path = PathOf(request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (path.Contains(PercentSign, StringComparison.Ordinal))
        {
            request.ProxyRequest.RequestUri = new Uri(
                request.DestinationPrefix.TrimEnd('/') + PrefixOf(request) + path + request.Query.QueryString);
        }

        return ValueTask.CompletedTask;
    });

    /// <summary>Also of a target in absolute form (RFC 9112, 3.2.2).</summary>
    private static string PathOf(string target)
    {
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        var start = target.StartsWith('/') || authority < 0 ? 0 : target.IndexOf('/', authority + "://".Length);
        var end = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length;
        return start < 0 || start > end ? "" : target[start..end].Replace(@"\", "%5C", StringComparison.Ordinal);
    }

    /// <summary>What the route puts before the path.</summary>
    private static string PrefixOf(RequestTransformContext request) =>
        request.Path.Value is { } whole && request.HttpContext.Request.Path.Value is { } own
        && whole.EndsWith(own, StringComparison.Ordinal)
            ? whole[..^own.Length]
            : "";
}
