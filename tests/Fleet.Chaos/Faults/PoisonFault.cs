using Fleet.Chaos.Load;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>A job that kills the agent that runs it, until the fleet runs it no more.</summary>
internal sealed class PoisonFault(Api api, Clients clients, int number) : IFault
{
    private const int FirstNumber = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private IReadOnlyList<string> _jobs = [];

    public async Task Begin(CancellationToken stop) =>
        _jobs = await clients.Submit([new JobPlan(FirstNumber + number, Behaviour.Poison, 0, 0)], stop);

    /// <summary>Waits for its end, or until it is clear that it does not come soon.</summary>
    public async Task End(CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(Patience);
        try
        {
            foreach (var job in _jobs)
            {
                while (!FleetJson.Read<JobView>(await api.Get($"/v1/jobs/{job}?wait=5", enough.Token)).IsOver)
                {
                    // it is asked for again
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // enough
        }
    }
}
