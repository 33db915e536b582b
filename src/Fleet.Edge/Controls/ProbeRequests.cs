using System.Net;
using Fleet.Hosting;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>
/// Asks a Control whether it is ready, under a name: a Control that stops serves on until all whom it knows have heard so.
/// </summary>
internal sealed class ProbeRequests : IProbingRequestFactory
{
    private readonly string _name = Guid.NewGuid().ToString("n");

    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination)
    {
        var address = destination.Config.Address.TrimEnd('/');
        var path = cluster.Config.HealthCheck?.Active?.Path;
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address + path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(FleetHealth.ProberHeader, $"{_name}-{cluster.Config.ClusterId}");
        return request;
    }
}
