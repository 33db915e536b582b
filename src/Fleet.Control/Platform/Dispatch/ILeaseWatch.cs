namespace Fleet.Control.Platform.Dispatch;

/// <summary>Finds attempts that nobody answers for any more.</summary>
internal interface ILeaseWatch
{
    /// <summary>Something changed about an agent: do not wait for the next round.</summary>
    void LookNow();
}
