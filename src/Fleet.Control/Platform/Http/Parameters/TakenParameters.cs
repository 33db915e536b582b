namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>Parameters that a handler reads out of the query by itself. Metadata of its route.</summary>
internal sealed record TakenParameters(IReadOnlyList<string> Names);

/// <summary>Says what a route takes.</summary>
internal static class TakenParametersExtensions
{
    /// <param name="names">What the handler reads of the query, beside what its own parameters say.</param>
    public static TBuilder Takes<TBuilder>(this TBuilder route, params string[] names) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new TakenParameters(names));
}
