using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>One note about one attempt.</summary>
/// <param name="Child">With <see cref="AttemptLogStep.Started"/>.</param>
/// <param name="End">With <see cref="AttemptLogStep.Finished"/>.</param>
internal sealed record AttemptLogEntry(
    AttemptLogStep Step, AttemptKey Key, ChildMark? Child = null, AttemptLogEnd? End = null);

/// <param name="OutputOwed">Control had not confirmed all output when the attempt ended.</param>
internal sealed record AttemptLogEnd(AttemptResult Result, bool OutputOwed);
