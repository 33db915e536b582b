namespace Fleet.Control.Platform.Http;

internal static partial class HttpLog
{
    public static void Failed(ILogger log, HttpContext context, ProblemResult problem, Exception failure)
    {
        var (method, path) = (context.Request.Method, LogText.Clean(context.Request.Path));
        if (problem.Status == 500)
            Failed(log, method, path, ProblemResult.TraceOf(context), failure);
        else
            Unavailable(log, method, path, problem.Code, ProblemResult.TraceOf(context), LogText.Clean(failure.Message));
    }

    public static void BrokenOff(ILogger log, HttpContext context, Exception failure) => BrokenOff(
        log, context.Request.Method, LogText.Clean(context.Request.Path), ProblemResult.TraceOf(context), failure);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed (trace {Trace})")]
    private static partial void Failed(ILogger log, string method, string path, string trace, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} answered {Code} (trace {Trace}): {Reason}")]
    private static partial void Unavailable(
        ILogger log, string method, string path, string code, string trace, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} broke off in the middle of its answer (trace {Trace})")]
    private static partial void BrokenOff(ILogger log, string method, string path, string trace, Exception failure);
}
