namespace Fleet.Worker.Notebooks;

/// <summary>Every line that notebooks can log.</summary>
internal static partial class NotebookLog
{
    [LoggerMessage(LogLevel.Debug, "A connection to a notebook broke: {Reason}")]
    public static partial void TunnelBroken(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Notebooks of this agent have {Most} connections, and get no more (Worker:Notebooks:MaxTunnels)")]
    public static partial void TooManyTunnels(this ILogger log, int most);

    [LoggerMessage(LogLevel.Warning, "A notebook has {Most} connections, and gets no more (Worker:Notebooks:MaxTunnelsEach)")]
    public static partial void TooManyTunnelsOfOne(this ILogger log, int most);

    [LoggerMessage(LogLevel.Warning, "The files of a notebook could not be packed: what packs them ended with {Code}")]
    public static partial void WorkspaceNotPacked(this ILogger log, int? code);
}
