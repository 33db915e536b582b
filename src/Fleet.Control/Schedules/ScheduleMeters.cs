using System.Diagnostics.Metrics;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules;

/// <summary>What schedules count: meter <c>Fleet.Schedules</c>.</summary>
internal sealed class ScheduleMeters : IDisposable
{
    private readonly Meter _meter = new("Fleet.Schedules");
    private readonly Counter<long> _occurrences;
    private readonly Histogram<double> _lateness;
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _unprompted;

    public ScheduleMeters()
    {
        _occurrences = _meter.CreateCounter<long>("fleet.schedules.occurrences", "{occurrence}", "Due times by their outcome.");
        _lateness = _meter.CreateHistogram<double>("fleet.schedules.lateness", "s", "From the time of a start to its commit.");
        _repairs = _meter.CreateCounter<long>("fleet.schedules.trigger_repairs", "{repair}", "Stuck triggers that were repaired.");
        _unprompted = _meter.CreateCounter<long>(
            "fleet.schedules.unprompted_rounds", "{round}", "Rounds that began because Quartz had said nothing.");
    }

    public void Decided(IReadOnlyCollection<DuePlan> plans)
    {
        foreach (var plan in plans)
        {
            foreach (var recorded in plan.Recorded)
                _occurrences.Add(1, new KeyValuePair<string, object?>("outcome", recorded.Outcome));
            foreach (var start in plan.Starts)
            {
                _occurrences.Add(1, new KeyValuePair<string, object?>("outcome", Outcomes.Started));
                _lateness.Record((plan.Now - plan.Terms.StartOf(plan.Schedule.CorrelationId, start.Due)).TotalSeconds);
            }
        }
    }

    public void Repaired(string reason) => _repairs.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void WentUnprompted() => _unprompted.Add(1);

    public void Dispose() => _meter.Dispose();
}
