namespace Fleet.Control.Platform.Http;

/// <summary>How another wire than the native API says no. Metadata of its routes.</summary>
internal sealed record ProblemShape(Func<ProblemResult, object> Body)
{
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

    public static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };
}
