using System.Net;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Lets callers in who have no key, where a route allows it and they come from a network that is open. Where they come
/// from has to be certain. Pages in browsers run on open machines and are nobody's choice, so whatever looks like one needs
/// a key.
/// </summary>
internal sealed class OpenDoor(OpenAccessSettings settings, CallerAddress callers)
{
    private const Scope Allowed = Scope.JobsCreate | Scope.JobsRead;

    private static readonly string[] NearNames = [".localhost", ".local", ".internal"];

    /// <summary>No API key has this id.</summary>
    private static readonly Guid Nobody = new("00000000-0000-0000-0000-0000000000ff");

    private readonly Caller _caller = new(Nobody, "a caller without a key", settings.Tenant, Allowed);
    private readonly IPNetwork[] _open = [.. settings.OpenNetworks];

    /// <summary>Null for whoever needs a key.</summary>
    public Caller? Admit(HttpContext context)
    {
        var request = context.Request;
        return context.GetEndpoint()?.Metadata.GetMetadata<OpenToNetworks>() is not null
            && request.Headers.Authorization.Count == 0
            && callers.Certain(context) is { } address
            && Array.Exists(_open, network => network.Contains(address))
            && !IsPage(request)
                ? _caller
                : null;
    }

    /// <summary>A page of a foreign site, or one whose site took this machine's address for its own name.</summary>
    private static bool IsPage(HttpRequest request) =>
        request.Headers.Origin.Count > 0
        || request.Headers["Sec-Fetch-Site"].Count > 0
        || !IsNear(request.Headers["X-Forwarded-Host"] is [{ } named] ? new HostString(named).Host : request.Host.Host);

    /// <summary>Names that nobody far away can give to an address.</summary>
    private static bool IsNear(string host) =>
        IPAddress.TryParse(host, out _)
        || !host.Contains('.', StringComparison.Ordinal)
        || NearNames.Any(end => host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
