using Scalar.AspNetCore;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// The description of the public API, open to anyone: <c>GET /openapi/v1.json</c> for programs, <c>GET /docs</c> to read and
/// try. The page asks nobody but this server.
/// </summary>
internal static class OpenApiModule
{
    public static void AddFleetOpenApi(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi("v1", api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Fleet";
            document.Info.Description = "Runs work on many hosts and never loses track of it.";
            document.Servers?.Clear(); // clients come through the edge, wherever that is
            return Task.CompletedTask;
        }));

    public static void MapFleetOpenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("Fleet")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools()).AllowAnonymous();
    }
}
