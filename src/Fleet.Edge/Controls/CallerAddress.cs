using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Fleet.Edge.Controls;

/// <summary>
/// Tells Control where a caller is, in a header that is the door's alone. Of a request that came through a proxy that
/// the door does not know nothing is said: the address is the proxy's, and all the world may be behind it.
/// </summary>
internal static class CallerAddress
{
    public const string Header = "Fleet-Caller";

    private static readonly string[] SignsOfProxies = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"];

    public static void Tell(TransformBuilderContext route) => route.AddRequestTransform(request =>
    {
        request.ProxyRequest.Headers.Remove(Header);
        var headers = request.HttpContext.Request.Headers;
        if (request.HttpContext.Connection.RemoteIpAddress is { } address && !SignsOfProxies.Any(headers.ContainsKey))
            request.ProxyRequest.Headers.TryAddWithoutValidation(Header, address.ToString());
        return ValueTask.CompletedTask;
    });
}
