namespace Fleet.Control.Platform.Cluster;

/// <summary>This run of this process, told apart from all others.</summary>
internal sealed class ControlIdentity
{
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>The queue over which the other Control processes wake this one.</summary>
    public string Queue => $"control-{Environment.MachineName.ToLowerInvariant()}-{Id.ToString("N")[^8..]}";
}
