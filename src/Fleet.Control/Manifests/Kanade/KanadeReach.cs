using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>
/// Whether an agent is there at this moment: it is asked. Agents on a socket of Control, and those of an earlier version, know no such
/// question; of them their last word counts.
/// </summary>
internal sealed class KanadeReach(AgentQuestions questions, DatabaseClock time, ManifestSettings settings)
{
    public async Task<bool> IsThere(AgentStanding agent, TimeSpan patience, CancellationToken stop)
    {
        if (agent is not { IsOn: true, HeardAt: { } heard })
            return false;
        return Answers(agent, AskAgent.Ping)
            ? await questions.Ask(agent.Name, AskAgent.Ping, 0, patience, stop) is not null
            : time.Now - heard < TimeSpan.FromSeconds(settings.SilentSeconds);
    }

    /// <summary>The last lines that the agent logged; null where it does not say.</summary>
    public async Task<string?> Log(AgentStanding agent, int lines, CancellationToken stop) =>
        agent.IsOn && Answers(agent, AskAgent.Log)
            && await questions.Ask(agent.Name, AskAgent.Log, lines, TimeSpan.FromSeconds(settings.LogSeconds), stop) is { } text
            ? Encoding.UTF8.GetString(text)
            : null;

    /// <summary>Whether it can be asked this.</summary>
    /// <param name="operation">See <see cref="AskAgent"/>.</param>
    public static bool Answers(AgentStanding agent, string operation) =>
        !AgentChannel.IsSocket(agent.Labels)
        && agent.Labels.GetValueOrDefault(AskAgent.Label)?.Split(',').Contains(operation) == true;
}
