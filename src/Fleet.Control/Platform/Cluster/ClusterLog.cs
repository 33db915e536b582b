namespace Fleet.Control.Platform.Cluster;

/// <summary>Every line the cluster's plumbing can log.</summary>
internal sealed partial class ClusterLog(ILogger<Leadership> logger)
{
    [LoggerMessage(1, LogLevel.Information, "This Control {Change}")]
    public partial void LeadershipChanged(string change);

    [LoggerMessage(2, LogLevel.Debug, "The other Controls could not be woken: {Reason}")]
    public partial void WakeFailed(string reason);

    [LoggerMessage(3, LogLevel.Error, "A round of {Loop} failed, and is repeated after a pause")]
    public partial void LoopFailed(Exception failure, string loop);

    [LoggerMessage(4, LogLevel.Warning, "What changed cannot be read at the moment, and is looked for again: {Reason}")]
    public partial void ChangesUnread(string reason);
}
