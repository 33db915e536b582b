namespace Fleet.Control.Platform.Access;

/// <summary>A route that callers from <see cref="OpenAccessSettings.Networks"/> need no key for.</summary>
internal sealed record OpenToNetworks;

internal static class OpenToNetworksExtensions
{
    /// <summary>For the paths of clients that know no keys.</summary>
    public static TBuilder AlsoForOpenNetworks<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new OpenToNetworks());
}
