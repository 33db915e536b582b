using System.Net;
using System.Net.Http.Headers;

namespace Fleet.Client.Http;

/// <summary>The pauses between tries: each twice as long as the one before, and never shorter than the fleet asks for.</summary>
internal sealed class Pauses(FleetClientOptions options)
{
    /// <summary>How often was waited since the last success.</summary>
    public int Count { get; private set; }

    /// <summary>Statuses after which the same request may succeed.</summary>
    public static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout;

    public void Reset() => Count = 0;

    public async Task Wait(RetryConditionHeaderValue? asked, CancellationToken stop)
    {
        var own = options.FirstPause * Math.Pow(2, Math.Min(Count, 20));
        var length = own < options.LongestPause ? own : options.LongestPause;
        if (asked?.Delta is { } wanted && wanted > length)
            length = wanted;
        Count++;
        await Task.Delay(length, options.Clock, stop);
    }
}
