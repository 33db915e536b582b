using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Edge.Controls;

/// <summary>Says what went wrong between the door and Control. Control's own answers, errors too, pass as they are.</summary>
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
        _ when http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge =>
            Problem.TooLarge(http, http.GetReverseProxyFeature().Route.Config.MaxRequestBodySize ?? long.MaxValue),
        { Error: ForwarderError.NoAvailableDestinations } => Unreachable(http),
        _ when Connection.NeverCameAbout(failure) => Unreachable(http),
        { Error: ForwarderError.RequestCreation } or { Error: ForwarderError.RequestBodyClient } => Problem.Write(
            http, StatusCodes.Status400BadRequest, "bad_request", "Bad request", "The request could not be read to its end."),
        _ when http.Response.StatusCode == StatusCodes.Status504GatewayTimeout => Problem.Write(
            http, StatusCodes.Status504GatewayTimeout, Code, "No answer in time", "Fleet did not answer in time; it may have done the work."),
        _ => Problem.Write(
            http, StatusCodes.Status502BadGateway, Code, "No answer", "The connection broke before an answer came; the work may have been done."),
    };

    private static Task Unreachable(HttpContext http) => Problem.Write(
        http, StatusCodes.Status503ServiceUnavailable, Code, "Not available", "No Control process can be reached.", retryAfter: 1);
}
