using System.Net;
using Fleet.Cli.Failures;
using Fleet.Client;
using Fleet.Client.Notebooks;

namespace Fleet.Cli.Notebooks;

/// <summary>Notebooks by what people call them, those in the trash too.</summary>
internal static class NotebookNames
{
    /// <summary>Null where the fleet has none that is called so outside of the trash.</summary>
    /// <param name="named">An id, or a name.</param>
    public static async Task<Notebook?> Find(this FleetClient fleet, string named, CancellationToken stop)
    {
        try
        {
            return await fleet.Notebooks.Show(named, stop);
        }
        catch (FleetException no) when (no.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <param name="named">An id, or a name that only one in the trash has.</param>
    /// <exception cref="CommandException">There is none, or more than one of this name.</exception>
    public static async Task<Notebook> FindRemoved(this FleetClient fleet, string named, CancellationToken stop)
    {
        var removed = await fleet.Notebooks.List(removed: true, stop)
            .Where(one => one.NotebookId == named || one.Name == named).ToListAsync(stop);
        return removed.Find(one => one.NotebookId == named) ?? removed.Count switch
        {
            1 => removed[0],
            0 => throw new CommandException(
                ExitCode.NotFound, $"No notebook {named} lies in the trash.", "fleet notebook ls --removed shows what does."),
            _ => throw CommandException.Usage(
                $"Several notebooks in the trash are called {named}.", "Name one by its id: fleet notebook ls --removed shows them."),
        };
    }
}
