namespace Fleet.Control.Platform.Audit;

/// <summary>What a route does, in the words of the audit: <c>job.submit</c>.</summary>
internal sealed record AuditAction(string Word)
{
    public const string NoRoute = "none";

    /// <summary>Where the route says nothing, its path and the method do.</summary>
    public static string Of(Endpoint? endpoint, string method)
    {
        if (endpoint?.Metadata.GetMetadata<AuditAction>() is { } named)
            return named.Word;
        if (endpoint is not RouteEndpoint route)
            return NoRoute;
        var words = route.RoutePattern.PathSegments
            .Where(segment => segment.IsSimple && segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart)
            .Select(segment => ((Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart)segment.Parts[0]).Content)
            .Where(word => word != "v1")
            .ToArray();
        return words.Length switch
        {
            0 => NoRoute,
            1 => $"{words[0]}.{VerbOf(method)}",
            _ => $"{words[0]}.{words[^1]}{(HttpMethods.IsPost(method) ? "" : "." + VerbOf(method))}",
        };
    }

    private static string VerbOf(string method) =>
        HttpMethods.IsPost(method) ? "create"
        : HttpMethods.IsPut(method) ? "put"
        : HttpMethods.IsPatch(method) ? "change"
        : HttpMethods.IsDelete(method) ? "delete"
        : "other";
}

/// <summary>A route whose audit has rows of what was refused alone.</summary>
internal sealed record RefusalsAlone;

internal static class AuditActionExtensions
{
    /// <param name="word">A noun and a verb: <c>job.submit</c>.</param>
    public static TBuilder AuditedAs<TBuilder>(this TBuilder route, string word)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AuditAction(word));

    /// <summary>Leaves a row only where it is refused: for what programs say often, and nobody decides.</summary>
    public static TBuilder AuditedWhenRefused<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RefusalsAlone());
}
