using Fleet.Control.Platform.Access.Keys;

namespace Fleet.Control.Platform.Access;

/// <summary>What a route needs of its caller.</summary>
internal sealed record RequiredScope(Scope Scope);

internal static class RequiredScopeExtensions
{
    /// <summary>
    /// Only for keys with all of these scopes. A route's own requirement takes the place of its group's. A route
    /// without any is open to every valid key, and with <c>AllowAnonymous()</c> to anyone.
    /// </summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder routes, Scope scope)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new RequiredScope(scope));

    /// <summary>For answers that may take days.</summary>
    public static TBuilder EndWithKey<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new EndsWithKey());
}
