namespace Fleet.Control.Platform.Http;

/// <summary>The description of the public API: <c>GET /openapi/v1.json</c>, open to anyone.</summary>
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

    public static void MapFleetOpenApi(this IEndpointRouteBuilder routes) => routes.MapOpenApi().AllowAnonymous();
}
