using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Schemas;

/// <summary>The schemas of both documents, where kanade's editor looks for them.</summary>
internal static class SchemaEndpoints
{
    public static void MapSchemas(this IEndpointRouteBuilder api) =>
        api.MapGet("/schemas/{document}", Show).SayingWhy(Scope.JobsRead);

    private static IResult Show(string document) => document switch
    {
        "manifest.json" => Results.Json(DocumentSchemas.Manifest(), contentType: "application/schema+json"),
        "schedule.json" => Results.Json(DocumentSchemas.Schedule(), contentType: "application/schema+json"),
        _ => new ProblemResult(404, "not_found", $"schema '{document}' not found"),
    };
}
