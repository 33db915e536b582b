namespace Fleet.Chaos.Target;

/// <summary>Short leases, and what belongs to them, in seconds, so that a run holds many of them.</summary>
internal static class LeaseTimes
{
    public const double Heartbeat = 1;
    public const double Lease = 9;
    public const double Acceptance = 5;
    public const double Offline = 20;
    public const double Reconcile = 4;

    /// <summary>How often a process proves to itself that its connections live.</summary>
    public const double Pulse = 3;
}
