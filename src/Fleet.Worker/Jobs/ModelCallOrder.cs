using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

/// <summary>One attempt to have a model answer.</summary>
/// <param name="Upstream">Null means any that has the model.</param>
/// <param name="TimeoutSeconds">Null means as long as it likes.</param>
internal sealed record ModelCallOrder(InferenceSpec Call, string? Upstream, int? TimeoutSeconds, StopSignal Stop);
