namespace Fleet.Chaos.Faults;

/// <summary>Something that breaks, and is mended again.</summary>
internal interface IFault
{
    /// <summary>Why this machine does not allow it; null when it does.</summary>
    string? WhyNot => null;

    Task Begin(CancellationToken stop);

    /// <summary>Mends it. Also called when it did not begin well.</summary>
    Task End(CancellationToken stop);
}
