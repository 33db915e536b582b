using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Datasets;

/// <summary>Datasets over HTTP.</summary>
internal static class DatasetEndpoints
{
    public static void MapDatasetRoutes(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/v1/datasets").WithTags("Datasets").RequireScope(Scope.DatasetsRead);
        datasets.MapGet("/", List).Produces<PageOf<DatasetView>>();
        datasets.MapGet("/{dataset}", Show).Produces<DatasetView>();
        datasets.MapPost("/", Register).AuditedAs("dataset.register").RequireScope(Scope.DatasetsCreate)
            .Accepts<Registration>("application/json").Produces<DatasetView>(201);
        datasets.MapDelete("/{dataset}", Remove).AuditedAs("dataset.delete").RequireScope(Scope.DatasetsCreate).Produces(204);
    }

    /// <summary>By name; <c>?text=</c> looks in names, URLs and descriptions.</summary>
    private static async Task<IResult> List(
        Page page, string? text, Caller caller, DatasetStore store, CancellationToken stop)
    {
        if (text?.Contains('\0') == true)
            return Problem.Invalid("text", "This must not hold a NUL character.");
        var rows = await store.List(caller, text, page.After, page.Limit + 1, stop);
        return Results.Json(page.Cut(rows, row => row.Name, row => row));
    }

    private static async Task<IResult> Show(string dataset, Caller caller, DatasetStore store, CancellationToken stop) =>
        DatasetName.IsName(dataset) && await store.Find(caller, dataset, stop) is { } found
            ? Results.Json(found)
            : Problem.NotFound("dataset");

    private static async Task<IResult> Register(
        HttpRequest request, Caller caller, IdempotentChange once, DatasetStore store, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<Registration>(body.Span);
        wanted.Check();
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var made = await store.Add((NpgsqlConnection)db.Database.GetDbConnection(), wanted, caller, stop)
                ?? throw new ProblemException(Problem.Conflict("name_taken", $"There is a dataset of the name {wanted.Name} already."));
            return Answer.Created($"/v1/datasets/{made.Name}", made);
        }, stop);
    }

    private static async Task<IResult> Remove(string dataset, Caller caller, DatasetStore store, CancellationToken stop) =>
        DatasetName.IsName(dataset) && await store.Remove(caller, dataset, stop) ? Results.NoContent() : Problem.NotFound("dataset");
}
