using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

/// <summary>One attempt to run.</summary>
/// <param name="TimeoutSeconds">Null means as long as it likes.</param>
internal sealed record AttemptOrder(
    AttemptKey Key, CommandSpec Command, int? TimeoutSeconds, AttemptDirectory Directory, StopSignal Stop);
