using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Fleet.Edge.Controls;

/// <summary>
/// Tells Control where a caller is, in a header that is the door's alone. A request that came through a proxy that the
/// door does not know is marked: the address is the proxy's, and all the world may be behind it.
/// </summary>
internal static class CallerAddress
{
    public const string Header = "Fleet-Caller";

    /// <summary>Behind the address: whoever looks for an address alone finds none.</summary>
    private const string Proxied = ";proxied";

    private static readonly string[] SignsOfProxies = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"];

    public static void Tell(TransformBuilderContext route) => route.AddRequestTransform(request =>
    {
        request.ProxyRequest.Headers.Remove(Header);
        var headers = request.HttpContext.Request.Headers;
        if (request.HttpContext.Connection.RemoteIpAddress is { } address)
        {
            var mark = SignsOfProxies.Any(headers.ContainsKey) ? Proxied : "";
            request.ProxyRequest.Headers.TryAddWithoutValidation(Header, $"{address}{mark}");
        }

        return ValueTask.CompletedTask;
    });
}
