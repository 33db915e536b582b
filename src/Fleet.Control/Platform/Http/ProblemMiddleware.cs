using System.Text.Json;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Http;

/// <summary>Turns whatever goes wrong further in into a problem, and statuses without a body as well.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task Invoke(HttpContext context)
    {
        try
        {
            // PostgreSQL's text cannot hold NUL; in a path the server refuses it, in a body JsonBody does
            if (context.Request.QueryString.Value is { } query && query.Contains("%00", StringComparison.Ordinal))
                throw new ProblemException(Problem.OfStatus(400) with { Detail = "The query holds a NUL character." });

            await next(context);
            if (IsBare(context.Response))
                await Problem.OfStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            var problem = ProblemOf(failure);
            if (problem.Status >= 500)
                HttpLog.Failed(log, context, problem, failure);
            context.Response.Clear();
            await problem.ExecuteAsync(context);
        }
        catch (Exception failure)
        {
            // a part of the answer is out: only a broken connection tells the client that it is not the whole
            HttpLog.BrokenOff(log, context, failure);
            context.Abort();
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 }
        && (response.ContentType is null || response.StatusCode == StatusCodes.Status416RangeNotSatisfiable)
        && (response.ContentLength ?? 0) == 0;

    private static ProblemResult ProblemOf(Exception failure) => failure switch
    {
        ProblemException refused => refused.Problem,
        BadHttpRequestException { InnerException: JsonException json } => JsonTrouble.Explain(json, FleetJson.Requests.MaxDepth),
        BadHttpRequestException { StatusCode: 413 } => Problem.TooLarge(null),
        BadHttpRequestException bad => Problem.OfStatus(bad.StatusCode),
        _ when DatabaseFailure.IsConflict(failure) => Problem.Unavailable(
            "write_conflict", "Others changed the same at the same time, again and again; nothing was done."),
        _ when DatabaseFailure.IsOutage(failure) => Problem.DatabaseUnavailable(),
        OperationCanceledException => Problem.Unavailable("stopping", "This process is stopping; another one answers soon."),
        TimeoutException => Problem.Unavailable("timeout", "This took too long and was given up."),
        _ => Problem.Internal(),
    };
}
