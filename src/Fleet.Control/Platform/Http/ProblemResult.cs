using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Fleet.Control.Platform.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// A no with its reason, written as problem details (RFC 9457):
/// <c>{type, title, status, detail, code, trace_id, errors: {field: [sentence]}}</c>.
/// </summary>
/// <param name="Code">Stable, lower snake case, for programs.</param>
/// <param name="Detail">A sentence for people; never holds internals.</param>
internal sealed record ProblemResult(int Status, string Code, string Detail) : IResult, IStatusCodeHttpResult
{
    private const string PlainText = "text/plain; charset=utf-8";

    private static readonly IReadOnlyDictionary<string, string[]> Nothing = new Dictionary<string, string[]>();

    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = Nothing;

    /// <summary>When it is worth to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What <c>WWW-Authenticate</c> says.</summary>
    public string? Challenge { get; init; }

    /// <summary>With 404: the noun of what is not there.</summary>
    public string? Missing { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        UnreadBody.MayBeDrained(httpContext, accepted: 0);
        AuditNote.Of(httpContext)?.Code = Code;
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Challenge is not null)
            response.Headers.WWWAuthenticate = Challenge;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        var shape = ProblemShape.Of(httpContext);
        response.ContentType = shape is null ? "application/problem+json" : shape.IsText ? PlainText : "application/json";
        if (shape is { IsText: true } && (string)shape.Body(this) is var words)
            return Write(response, words);
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return Task.CompletedTask;

        var body = JsonSerializer.SerializeToUtf8Bytes(
            shape is not null ? shape.Body(this) : new Body(
                $"urn:fleet:problem:{Code}",
                ReasonPhrases.GetReasonPhrase(Status),
                Status,
                Detail,
                Code,
                TraceOf(httpContext),
                Errors),
            FleetJson.Options);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    private static Task Write(HttpResponse response, string words)
    {
        if (words.Length == 0)
            response.ContentType = null;
        var isHead = HttpMethods.IsHead(response.HttpContext.Request.Method);
        return words.Length == 0 || isHead ? Task.CompletedTask : response.WriteAsync(words, response.HttpContext.RequestAborted);
    }

    /// <summary>What joins the answer to the log: the W3C trace id, or the connection's own number.</summary>
    public static string TraceOf(HttpContext context) =>
        Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private sealed record Body(
        string Type,
        string Title,
        int Status,
        string Detail,
        string Code,
        string TraceId,
        IReadOnlyDictionary<string, string[]> Errors);
}
