using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Notebooks;

/// <summary>Agents that have notebooks, and what those may import there.</summary>
internal sealed class NotebookPlaces(
    IAgentDirectory agents, AgentQuestions questions, NotebookStore store, NotebookSettings settings)
{
    private static readonly JsonSerializerOptions AsTold = new(JsonSerializerDefaults.Web);

    /// <summary>The one that is wanted, or of those that are on the one with the fewest notebooks.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public async Task<string> Choose(string? wanted, string tenant, CancellationToken stop)
    {
        var able = (await agents.Standing(stop))
            .Where(one => !one.IsRevoked && one.Serves(tenant) && one.Slots.GetValueOrDefault(NotebookSpec.Kind) > 0).ToList();
        if (wanted is not null)
        {
            return able.Exists(one => one.Name == wanted)
                ? wanted
                : throw new ProblemException(Problem.Invalid("agent", $"There is no agent {wanted} that has notebooks."));
        }

        var live = await store.Live(stop);
        return able.Where(one => one is { IsOn: true, IsDraining: false })
            .OrderBy(one => live.GetValueOrDefault(one.Name)).ThenBy(one => one.Name, StringComparer.Ordinal)
            .FirstOrDefault()?.Name
            ?? throw new ProblemException(Problem.Conflict(
                "no_notebook_agent", "No agent that is on has notebooks: jupyter-server must be installed on its host."));
    }

    /// <summary>As the agent says now.</summary>
    /// <exception cref="ProblemException">It does not say.</exception>
    public async Task<IReadOnlyList<NotebookPackage>> Packages(Notebook notebook, CancellationToken stop)
    {
        var agent = (await agents.Standing(stop)).FirstOrDefault(one => one.Name == notebook.Agent);
        if (agent is not { IsOn: true, IsRevoked: false }
            || agent.Labels.GetValueOrDefault(AskAgent.Label)?.Split(',').Contains(AskAgent.Packages) != true
            || await questions.Ask(agent.Name, AskAgent.Packages, 0, TimeSpan.FromSeconds(settings.PackagesSeconds), stop) is not { } told)
            throw new ProblemException(Problem.Unavailable("agent_silent", $"Agent {notebook.Agent} does not say what it has."));
        try
        {
            return JsonSerializer.Deserialize<List<NotebookPackage>>(told, AsTold) ?? [];
        }
        catch (JsonException)
        {
            throw new ProblemException(new ProblemResult(
                502, "agent_rubbish", $"Agent {notebook.Agent} lists its packages in no known way."));
        }
    }
}
