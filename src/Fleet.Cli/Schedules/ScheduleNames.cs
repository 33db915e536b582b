using Fleet.Cli.Failures;
using Fleet.Client;
using Fleet.Client.Schedules;

namespace Fleet.Cli.Schedules;

/// <summary>Schedules by what people call them.</summary>
internal static class ScheduleNames
{
    /// <param name="named">An id, or a name.</param>
    /// <exception cref="CommandException">There is none, or more than one of this name.</exception>
    public static async Task<Schedule> Find(this FleetClient fleet, string named, CancellationToken stop)
    {
        var found = await fleet.Schedules.List(named, stop).Take(2).ToListAsync(stop);
        return found.Count switch
        {
            1 => found[0],
            0 => await fleet.Schedules.Show(named, stop),
            _ => throw CommandException.Usage(
                $"Several schedules are called {named}.", "Name one by its id: fleet schedule ls shows them."),
        };
    }
}
