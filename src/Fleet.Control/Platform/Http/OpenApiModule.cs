using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http.Reference;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Scalar.AspNetCore;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// The description of the public API, open to anyone: <c>GET /openapi/v1.json</c> for programs, <c>GET /docs</c> to read and
/// try. The page asks nobody but this server.
/// </summary>
internal static class OpenApiModule
{
    public static void AddFleetOpenApi(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi("v1", api =>
        {
            api.ShouldInclude = route => !IsForAgentsAlone(route);
            api.AddDocumentTransformer<DocumentReference>();
            api.AddOperationTransformer<OperationReference>();
            api.AddSchemaTransformer<SchemaReference>();
        });

    public static void MapFleetOpenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("Fleet")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools()).AllowAnonymous();
    }

    private static bool IsForAgentsAlone(ApiDescription route) =>
        route.ActionDescriptor.EndpointMetadata.OfType<OpenToAgents>().LastOrDefault() is { Only: true };
}
