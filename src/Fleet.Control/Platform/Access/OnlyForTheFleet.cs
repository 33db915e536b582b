namespace Fleet.Control.Platform.Access;

/// <summary>A route about the fleet as a whole: only keys of the default tenant open it, whatever scopes others have.</summary>
internal sealed record OnlyForTheFleet;

internal static class OnlyForTheFleetExtensions
{
    public static TBuilder OnlyForTheFleet<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new OnlyForTheFleet());
}
