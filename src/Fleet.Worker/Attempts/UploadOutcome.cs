namespace Fleet.Worker.Attempts;

/// <summary>What became of one try to store an artifact.</summary>
internal abstract record UploadOutcome
{
    internal sealed record Stored : UploadOutcome;

    /// <summary>The attempt is no longer the one that counts.</summary>
    internal sealed record Unwanted : UploadOutcome;

    internal sealed record TooLarge : UploadOutcome;

    /// <param name="MayPass">Whether the same request may succeed later.</param>
    /// <param name="IsOfAll">Whether other files would fare the same.</param>
    internal sealed record Failed(string Reason, bool MayPass = true, bool IsOfAll = true) : UploadOutcome;
}
