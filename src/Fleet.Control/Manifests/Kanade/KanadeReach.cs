using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>
/// Whether an agent is there at this moment: it is asked. Agents on a socket of Control know no such question; of them their last
/// word counts.
/// </summary>
internal sealed class KanadeReach(AgentQuestions questions, DatabaseClock time, ManifestSettings settings)
{
    public async Task<bool> IsThere(AgentStanding agent, TimeSpan patience, CancellationToken stop)
    {
        if (agent is not { IsOn: true, HeardAt: { } heard })
            return false;
        return AgentChannel.IsSocket(agent.Labels)
            ? time.Now - heard < TimeSpan.FromSeconds(settings.SilentSeconds)
            : await questions.Ask(agent.Name, AskAgent.Ping, 0, patience, stop) is not null;
    }

    /// <summary>The last lines that the agent logged; null where it does not say.</summary>
    public async Task<string?> Log(AgentStanding agent, int lines, CancellationToken stop) =>
        agent.IsOn && !AgentChannel.IsSocket(agent.Labels)
            && await questions.Ask(agent.Name, AskAgent.Log, lines, TimeSpan.FromSeconds(settings.LogSeconds), stop) is { } text
            ? Encoding.UTF8.GetString(text)
            : null;
}
