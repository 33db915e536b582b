namespace Fleet.Control.Jobs;

/// <summary>Times of attempts, as agreed with agents.</summary>
/// <param name="Lease">How long an attempt lives without a beat of its agent.</param>
/// <param name="Acceptance">How long an agent has to take an assignment.</param>
internal sealed record JobSettings(TimeSpan Lease, TimeSpan Acceptance);
