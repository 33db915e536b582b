using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Edge.Controls;

/// <summary>
/// Says what went wrong between the door and Control. Control's own answers, errors too, pass as they are.
/// </summary>
internal sealed class ProxyFailures(RequestDelegate next)
{
    private const string Code = "upstream_unavailable";

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.GetForwarderErrorFeature() is not { } failure)
            return;
        if (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            await Explain(http, failure);
    }

    private static Task Explain(HttpContext http, IForwarderErrorFeature failure) => failure switch
    {
        _ when http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge => TooLarge(http),
        { Error: ForwarderError.NoAvailableDestinations } => Unreachable(http),
        _ when Connection.NeverCameAbout(failure) => Unreachable(http),
        { Error: ForwarderError.RequestCreation } or { Error: ForwarderError.RequestBodyClient } => Unreadable(http),
        _ when http.Response.StatusCode == StatusCodes.Status504GatewayTimeout => Late(http),
        _ => Broken(http),
    };

    private static Task TooLarge(HttpContext http) =>
        Problem.TooLarge(http, http.GetReverseProxyFeature().Route.Config.MaxRequestBodySize ?? long.MaxValue);

    private static Task Unreadable(HttpContext http) => Problem.Write(
        http, 400, "invalid_request", "Bad request", "The request could not be read to its end.");

    private static Task Unreachable(HttpContext http) => Problem.Write(
        http, 503, Code, "Not available", "No Control process can be reached.", retryAfter: 1);

    private static Task Late(HttpContext http) => Problem.Write(
        http, 504, Code, "No answer in time", "No answer came in time; the work may have been done.");

    private static Task Broken(HttpContext http) => Problem.Write(
        http, 502, Code, "No answer", "The connection broke before an answer came; the work may have been done.");
}
