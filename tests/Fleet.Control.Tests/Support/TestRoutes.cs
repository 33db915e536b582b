using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Support;

/// <summary>Routes that go wrong in every way a route of the product can.</summary>
internal static class TestRoutes
{
    public static void MapTestRoutes(this IEndpointRouteBuilder routes)
    {
        var test = routes.MapGroup("/test");
        var open = test.MapGroup("/").AllowAnonymous();
        open.MapPost("/body", async (HttpRequest request) => await JsonBody.Read<TestBody>(request));
        open.MapPost("/bodies", async (HttpRequest request) =>
        {
            using var body = await BodyBytes.Read(request);
            return JsonBody.ParseOneOrMany<TestBody>(body.Span);
        });
        open.MapPost("/bound", (TestBody body) => body);
        open.MapGet("/page", (Page page) => page);
        open.MapGet("/failing", string () => throw new InvalidOperationException("secret\ninternals"));
        open.MapGet("/misread", string () => throw new JsonException("a stored document", "$.a", 0, 0));
        open.MapGet("/away", string () => throw new InvalidOperationException(
            "wrapped", new NpgsqlException("no", new IOException("gone"))));
        open.MapGet("/crashed", string () => throw new DbUpdateException(
            "wrapped", new PostgresException("terminating connection", "FATAL", "FATAL", PostgresErrorCodes.CrashShutdown)));
        open.MapGet("/conflict", string () => throw new PostgresException(
            "deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected));
        open.MapGet("/stopping", string () => throw new OperationCanceledException("This process is stopping."));
        test.MapGet("/endless", Endless).EndWithKey();
        open.MapGet("/slow", string () => throw new TimeoutException());
        open.MapGet("/bare/{status:int}", (int status) => Results.StatusCode(status));
        open.MapGet("/broken", async (HttpResponse response) =>
        {
            response.ContentLength = 100;
            await response.WriteAsync("half");
            await response.Body.FlushAsync();
            throw new InvalidOperationException("in the middle");
        });
        test.MapGet("/any-key", (Caller caller) => caller.Name);
        test.MapGroup("/jobs").RequireScope(Scope.JobsRead).MapGet("/", () => "jobs");
        test.MapGroup("/jobs").RequireScope(Scope.JobsRead).MapPost("/", () => "made").RequireScope(Scope.JobsCreate);
        test.MapGet("/sees/{tenant}", (string tenant, Caller caller) => caller.MaySee(tenant));
    }

    private static async Task Endless(HttpContext context)
    {
        await context.Response.WriteAsync("begun");
        await context.Response.Body.FlushAsync();
        await Eventually.Silence(context.RequestAborted);
    }
}

internal enum TestColor
{
    DarkRed,
    Blue,
}

internal sealed record TestCommand(string? Program = null, IReadOnlyList<string>? Args = null);

internal sealed record TestBody(
    string Name,
    int? Priority = null,
    double Weight = 0,
    bool Fast = false,
    TestColor Color = TestColor.Blue,
    TestCommand? Command = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    DateTimeOffset? ExpiresAt = null);
