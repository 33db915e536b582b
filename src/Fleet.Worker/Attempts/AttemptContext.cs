using System.Text.Json;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Attempts;

/// <summary>One attempt, as its executor gets it.</summary>
/// <param name="SpecJson">What to do, in the words of the kind.</param>
/// <param name="TimeoutSeconds">Null means as long as it likes.</param>
/// <param name="Upstream">With a model call: which upstream is to answer; null means any that has the model.</param>
/// <param name="Directory">Exists if the executor <see cref="IExecutor.StartsProcesses"/>.</param>
/// <param name="Stop">How it is told to end.</param>
internal sealed record AttemptContext(
    AttemptKey Key,
    string SpecJson,
    int? TimeoutSeconds,
    string? Upstream,
    AttemptDirectory Directory,
    StopSignal Stop)
{
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(40); // what a timer can hold

    /// <summary>How long it may run, as timers understand it.</summary>
    public TimeSpan Timeout => TimeoutSeconds is { } seconds
        ? TimeSpan.FromSeconds(Math.Min(seconds, _longestTimeout.TotalSeconds))
        : System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Reads what to do.</summary>
    /// <exception cref="UnreadableSpecException">It is no such specification.</exception>
    public T Spec<T>() where T : class
    {
        try
        {
            return Contracts.Work.SpecJson.Read<T>(SpecJson);
        }
        catch (JsonException wrong)
        {
            throw new UnreadableSpecException(wrong.Message, wrong);
        }
    }
}

/// <summary>What is to be done is not told in the words of its kind, and never will be.</summary>
internal sealed class UnreadableSpecException(string why, Exception cause) : Exception(why, cause);
