namespace Fleet.Control.Platform.Access;

/// <summary>A route that agents may ask with their own tokens; all others refuse them.</summary>
/// <param name="Only">Whether nobody else may.</param>
internal sealed record OpenToAgents(bool Only);

internal static class OpenToAgentsExtensions
{
    /// <summary>Only for agents; no API key, whatever its scopes, takes the place of an agent's own token.</summary>
    public static TBuilder OnlyForAgents<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new OpenToAgents(Only: true));

    /// <summary>For agents, who need no scope, beside the API keys that have the route's scope.</summary>
    public static TBuilder AlsoForAgents<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new OpenToAgents(Only: false));
}
