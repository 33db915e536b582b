namespace Fleet.Control.Platform.Http;

/// <summary>How another wire than the native API says no. Metadata of its routes.</summary>
internal sealed record ProblemShape(Func<ProblemResult, object> Body)
{
    /// <summary>Whether the body is a text as it is, and no JSON; an empty one is no body at all.</summary>
    public bool IsText { get; private init; }

    /// <summary>The sentence alone: kanade's.</summary>
    public static ProblemShape Words { get; } = new(problem => problem.Detail) { IsText = true };

    /// <summary>As <see cref="Words"/>, but nothing about what is not there and about own faults: kanade's single things.</summary>
    public static ProblemShape FewWords { get; } =
        new(problem => problem.Status is 404 or 405 or >= 500 ? "" : problem.Detail) { IsText = true };

    /// <summary><c>{"error": "…"}</c>: foreman's and Ollama's.</summary>
    public static ProblemShape Plain { get; } =
        new(problem => new { Error = problem.Missing is { } what ? $"{what} not found" : problem.Detail });

    /// <summary><c>{"code": "…", "message": "…"}</c>: restic-manager's.</summary>
    public static ProblemShape Coded { get; } = new(problem => new { problem.Code, Message = problem.Detail });

    /// <summary>
    /// <c>{"error": {message, type, param, code}}</c>
    /// (https://platform.openai.com/docs/guides/error-codes/api-errors).
    /// </summary>
    public static ProblemShape OpenAi { get; } = new(problem => new
    {
        Error = new
        {
            Message = problem.Detail,
            Type = TypeOf(problem.Status),
            Param = problem.Errors.Keys.FirstOrDefault(),
            problem.Code,
        },
    });

    /// <summary>What OpenAI's clients ask for beside what is offered here.</summary>
    private static readonly string[] OpenAiPaths =
    [
        "/v1/assistants", "/v1/audio", "/v1/batches", "/v1/chat", "/v1/completions", "/v1/embeddings", "/v1/files", "/v1/fine_tuning",
        "/v1/images", "/v1/models", "/v1/moderations", "/v1/realtime", "/v1/responses", "/v1/threads", "/v1/uploads",
        "/v1/vector_stores", "/v1/videos",
    ];

    private static readonly string[] CodedPaths = ["/api/agents/enroll", "/api/enrollment-tokens", "/api/hosts"];

    /// <summary>What kanade's clients ask for: what is not offered below these is a status alone.</summary>
    private static readonly string[] KanadePaths =
    [
        "/api/agents", "/api/audit", "/api/auth", "/api/exec", "/api/executions", "/api/freeze", "/api/jobs", "/api/results", "/api/run",
        "/api/runs", "/api/schedules", "/api/schemas", "/api/scripts",
    ];

    private static readonly string[] PlainPaths = ["/api", "/jobs"];

    /// <summary>Whose path begins as kanade's jobs do.</summary>
    private const string StreamEnd = "/stream";

    /// <summary>Of the route; where there is none, of the wire that has such paths. Null for the native API.</summary>
    public static ProblemShape? Of(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint route ? route.Metadata.GetMetadata<ProblemShape>()
        : Has(OpenAiPaths, context) ? OpenAi
        : Has(CodedPaths, context) || IsStream(context) ? Coded
        : Has(KanadePaths, context) ? FewWords
        : Has(PlainPaths, context) ? Plain
        : null;

    private static bool IsStream(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/jobs", StringComparison.Ordinal)
        && context.Request.Path.Value!.EndsWith(StreamEnd, StringComparison.Ordinal);

    private static bool Has(string[] paths, HttpContext context) =>
        Array.Exists(paths, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    public static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };
}
