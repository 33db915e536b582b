using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Edge.Controls;

/// <summary>What is known of a request that a Control did not answer.</summary>
internal static class Connection
{
    /// <summary>There never was a connection: nothing was sent, so any method may be sent elsewhere.</summary>
    public static bool NeverCameAbout(IForwarderErrorFeature failure) => failure.Exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => true,
        OperationCanceledException { InnerException: TimeoutException } => true, // connecting took too long
        _ => false,
    };

    /// <summary>It broke before an answer came; whether the work was done is unknown.</summary>
    public static bool Broke(IForwarderErrorFeature failure) =>
        failure.Error is ForwarderError.Request or ForwarderError.RequestBodyDestination;

    /// <summary>It broke while a body was on its way, of which a part is gone unless it was kept.</summary>
    public static bool BrokeWithin(IForwarderErrorFeature failure) => failure.Error == ForwarderError.RequestBodyDestination;
}
