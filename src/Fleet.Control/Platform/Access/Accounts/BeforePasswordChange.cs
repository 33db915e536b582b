namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>A route that also answers people who have to choose a password first; all others refuse them until they have.</summary>
internal sealed record BeforePasswordChange;

internal static class BeforePasswordChangeExtensions
{
    public static TBuilder AlsoBeforePasswordChange<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new BeforePasswordChange());
}
