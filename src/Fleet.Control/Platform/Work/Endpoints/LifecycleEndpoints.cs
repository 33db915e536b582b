using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Lifecycles;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>What can happen to each family of work: <c>/v1/lifecycles</c>.</summary>
internal static class LifecycleEndpoints
{
    public static void MapLifecycles(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/lifecycles", List).WithTags("Lifecycles").RequireScope(Scope.JobsRead).Produces<PageOf<LifecycleView>>();

    private static IResult List(IEnumerable<LifecycleGraph> graphs, IEnumerable<IWorkFamily> families) => Results.Json(
        new PageOf<LifecycleView>(
            [.. graphs.Join(families, graph => graph.Family, family => family.Name, LifecycleView.Of)
                .OrderBy(one => one.Family, StringComparer.Ordinal)],
            null));
}

/// <summary>The states of a family of work, in the words of its lists, and what leads from one to another.</summary>
internal sealed record LifecycleView(
    string Family, IReadOnlyList<LifecycleStateView> States, IReadOnlyList<LifecycleStepView> Steps)
{
    /// <summary>States that lists call the same are one.</summary>
    public static LifecycleView Of(LifecycleGraph graph, IWorkFamily family) => new(
        graph.Family,
        [.. graph.States.GroupBy(family.WordOf, state => graph.Steps.All(step => step.From != state))
            .Select(states => new LifecycleStateView(states.Key, states.All(isEnd => isEnd)))],
        [.. graph.Steps.Select(step => new LifecycleStepView(
            step.From is null ? null : family.WordOf(step.From), step.Event, family.WordOf(step.To)))
            .Where(step => step.From != step.To).Distinct()]);
}

/// <param name="IsEnd">Nothing leads out of it.</param>
internal sealed record LifecycleStateView(string Name, bool IsEnd);

/// <param name="From">Null where work begins.</param>
/// <param name="Event">What happens.</param>
internal sealed record LifecycleStepView(string? From, string Event, string To);
