using Fleet.Control.Manifests.Schemas;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>The paths of kanade's clients, in kanade's words: roles, texts instead of problems, UUIDs instead of ids.</summary>
internal static class KanadeModule
{
    public static void AddKanade(this IServiceCollection services)
    {
        services.AddSingleton<KanadeExecutions>();
        services.AddSingleton<KanadeCatalogue>();
        services.AddSingleton<KanadeReach>();
    }

    public static void MapKanade(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("kanade").WithMetadata(new SaysRoles());
        api.MapKanadeResults();
        api.MapKanadeExecutions();
        api.MapKanadeRun();
        api.MapKanadeJobs();
        api.MapKanadeScripts();
        api.MapKanadeSchedules();
        api.MapKanadeFreeze();
        api.MapKanadeAgents();
        api.MapKanadeAudit();
        api.MapSchemas();
    }

    /// <summary>Its refusals are sentences.</summary>
    public static TBuilder SayingWhy<TBuilder>(this TBuilder route, Scope scope)
        where TBuilder : IEndpointConventionBuilder => route.RequireScope(scope).WithMetadata(ProblemShape.Words);

    /// <summary>What is not there, and own faults, are a status alone.</summary>
    public static TBuilder SayingLittle<TBuilder>(this TBuilder route, Scope scope)
        where TBuilder : IEndpointConventionBuilder => route.RequireScope(scope).WithMetadata(ProblemShape.FewWords);
}
