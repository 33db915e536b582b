using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Edge.Controls;

/// <summary>What is known of a request that a Control did not answer.</summary>
internal static class Connection
{
    /// <summary>There never was a connection: nothing was sent, so sending it elsewhere is safe for any method.</summary>
    public static bool NeverCameAbout(IForwarderErrorFeature failure) => failure.Exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        OperationCanceledException { InnerException: TimeoutException } => true, // connecting took too long
        _ => false,
    };

    /// <summary>It broke before an answer came; whether the work was done is unknown.</summary>
    public static bool Broke(IForwarderErrorFeature failure) => failure.Error == ForwarderError.Request;
}
