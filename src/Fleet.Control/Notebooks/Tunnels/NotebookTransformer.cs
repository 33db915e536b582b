using System.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>
/// What a notebook's server is shown, and what of its answers passes. It gets the token of its own run instead of what the caller
/// proved himself with. Its answers share an origin with the console: they set no cookies there, and a page of it is one of nowhere.
/// </summary>
internal sealed class NotebookTransformer(string token) : HttpTransformer
{
    private static readonly string[] NotForIt = ["Cookie", "Fleet-Agent", "Forwarded", "Expect"];

    /// <summary>What an answer could tell a browser about the whole origin, which is the console's too.</summary>
    private static readonly string[] NotOfIt =
    [
        "Set-Cookie", "Server", "Clear-Site-Data", "Strict-Transport-Security", "NEL", "Report-To", "Reporting-Endpoints",
        "Service-Worker-Allowed",
    ];

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        var query = QueryString.Create(request.Query.Where(part => part.Key != NotebookAccess.Parameter));
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, request.Path, query);
        proxyRequest.Headers.Host = null; // a server that listens on its own host believes in no other
        proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("token", token);
        foreach (var header in NotForIt)
            proxyRequest.Headers.Remove(header);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var passes = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        foreach (var header in NotOfIt)
            headers.Remove(header);
        headers.Append("Content-Security-Policy", "sandbox allow-scripts"); // beside its own: both must allow
        return passes;
    }
}
