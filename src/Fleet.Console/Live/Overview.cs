using Fleet.Client;
using Fleet.Client.Agents;
using Fleet.Client.Backups;
using Fleet.Client.Schedules;
using Fleet.Client.Work;

namespace Fleet.Console.Live;

/// <summary>How a fleet is, as far as a key may see it; a part that it may not see is empty.</summary>
/// <param name="Trouble">Why it is not how the fleet is now; null where it is.</param>
internal sealed record Overview(
    DateTimeOffset At,
    Page<Job> Open,
    Page<Job> Failed,
    IReadOnlyList<Job> Finished,
    IReadOnlyList<Agent> Agents,
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<Schedule> Schedules,
    string? Trouble = null);
