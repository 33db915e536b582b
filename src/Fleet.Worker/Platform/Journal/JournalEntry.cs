using Fleet.Contracts.Jobs;

namespace Fleet.Worker.Platform.Journal;

/// <summary>One note about one attempt.</summary>
/// <param name="Child">With <see cref="JournalStep.Started"/>.</param>
/// <param name="End">With <see cref="JournalStep.Finished"/>.</param>
internal sealed record JournalEntry(
    JournalStep Step, AttemptKey Key, ChildMark? Child = null, JournalEnd? End = null);

/// <param name="OutputOwed">Control had not confirmed all output when the attempt ended.</param>
internal sealed record JournalEnd(AttemptResult Result, bool OutputOwed);
