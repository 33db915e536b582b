using System.Collections.Concurrent;

namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>
/// Refuses parameters that nobody reads, in the native API: a filter that is misspelt would find everything. The wires of
/// others take what their clients send.
/// </summary>
internal sealed class UnknownParameters(RequestDelegate next)
{
    private readonly ConcurrentDictionary<RouteEndpoint, IReadOnlyList<string>> _known = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.QueryString.HasValue
            && context.GetEndpoint() is RouteEndpoint route
            && context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            && route.Metadata.GetMetadata<ProblemShape>() is null)
        {
            Check(context.Request.Query, _known.GetOrAdd(route, RouteParameters.Of));
        }

        return next(context);
    }

    private static void Check(IQueryCollection query, IReadOnlyList<string> known)
    {
        if (query.Keys.FirstOrDefault(name => !known.Contains(name)) is not { } unknown)
            return;
        throw new ProblemException(Problem.Invalid(
            unknown.Length > 0 ? unknown : "query",
            known.Count == 0
                ? "There is no such parameter: this takes none."
                : $"There is no such parameter: use {string.Join(", ", known)}."));
    }
}
