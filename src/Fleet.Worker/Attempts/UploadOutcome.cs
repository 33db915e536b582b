namespace Fleet.Worker.Attempts;

/// <summary>What became of one try to store an artifact.</summary>
internal abstract record UploadOutcome
{
    internal sealed record Stored : UploadOutcome;

    /// <summary>The attempt is no longer the one that counts.</summary>
    internal sealed record Unwanted : UploadOutcome;

    internal sealed record TooLarge : UploadOutcome;

    /// <param name="MayPass">Whether the same request may succeed later.</param>
    internal sealed record Failed(string Reason, bool MayPass = true) : UploadOutcome;
}
