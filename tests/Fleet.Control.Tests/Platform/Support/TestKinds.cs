using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>The kinds of jobs without a database behind them.</summary>
internal static class TestKinds
{
    public static WorkKind Noop { get; } = new(JobKinds.Noop, JobFamily.Job, ["stdout", "stderr"], "stdout");

    public static WorkKind Inference { get; } =
        new(InferenceSpec.Kind, JobFamily.Job, ["content", "thinking", "tool_calls", "stderr"], "stderr");

    public static WorkKind Command { get; } = new(JobKinds.Command, JobFamily.Job, ["stdout", "stderr"], "stdout");

    public static IReadOnlyList<string> Names { get; } = [JobKinds.Command, InferenceSpec.Kind, JobKinds.Noop];

    public static JobFamily Family { get; } = new(new JobLifecycle(new LeaseSettings()), new WorkRowStore<Job>());

    public static WorkKinds New() => new([Command, Inference, Noop], [Family], []);
}
