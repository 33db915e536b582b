namespace Fleet.Worker.Notebooks;

/// <summary>Every line that notebooks can log.</summary>
internal static partial class NotebookLog
{
    [LoggerMessage(LogLevel.Debug, "A connection to a notebook broke: {Reason}")]
    public static partial void TunnelBroken(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Notebooks of this agent have {Most} connections, and get no more (Worker:Notebooks:MaxTunnels)")]
    public static partial void TooManyTunnels(this ILogger log, int most);
}
