namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>What became of the work of a batch.</summary>
internal sealed record BulkTally(int Done, int Skipped, int Failed, string? Trouble = null)
{
    public static BulkTally None { get; } = new(0, 0, 0);

    public BulkTally Add(BulkOutcome outcome, string family) => outcome switch
    {
        BulkOutcome.Done => this with { Done = Done + 1 },
        BulkOutcome.Skipped => this with { Skipped = Skipped + 1 },
        BulkOutcome.Failed => this with { Failed = Failed + 1, Trouble = Trouble ?? $"A {family} had no room for another label." },
        _ => this,
    };

    /// <summary>Into the account, with the place from which to go on; without one, the work is over.</summary>
    public void Enter(BulkRun run, Guid? next, DateTimeOffset now)
    {
        run.Done += Done;
        run.Skipped += Skipped;
        run.Failed += Failed;
        run.Trouble = Trouble ?? run.Trouble;
        run.Reached = next ?? run.Reached;
        if (next is not null)
            return;
        run.State = nameof(BulkState.Finished);
        run.FinishedAt = now;
    }
}
