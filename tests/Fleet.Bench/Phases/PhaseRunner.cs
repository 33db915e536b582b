using Fleet.Bench.Output;

namespace Fleet.Bench.Phases;

/// <summary>
/// Runs phases one after another, each within a limit of time. One that fails or takes too long leaves its reason in
/// the results, and the next one follows.
/// </summary>
internal sealed class PhaseRunner(Results results, TimeSpan limit, CancellationToken stop)
{
    public async Task Run(
        string section, string subject, Func<CancellationToken, Task<Dictionary<string, double>>> phase)
    {
        Progress.Say($"{section}: {subject}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(limit);
        try
        {
            results.Add(new Sample(section, subject, await phase(patience.Token)));
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            var reason = patience.IsCancellationRequested
                ? $"not done within {limit.TotalSeconds:N0} s"
                : $"{failure.GetType().Name}: {failure.Message}";
            Progress.Say($"  {reason}");
            results.Add(new Sample(section, subject, new Dictionary<string, double>(), reason));
        }
    }
}
