using System.Text.Json.Serialization;

namespace Fleet.Contracts.Agents;

/// <summary>What an agent process says over HTTP when it starts: <c>PUT /v1/agents/{name}</c>.</summary>
/// <param name="Session">New with every start of the process.</param>
/// <param name="Slots">How many attempts of each capability may run at once, 1 to 10,000.</param>
/// <param name="BrokerTrouble">Why it could not speak to the broker when it tried last; null when it could, or has not tried.</param>
public sealed record AgentRegistration(
    Guid Session,
    string Version,
    string Hostname,
    string Os,
    string Arch,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // an earlier Control refuses what it does not know
    string? BrokerTrouble = null);

/// <summary>The answer: what the agent needs to know to do its work.</summary>
/// <param name="HeartbeatSeconds">How often it must say that it is alive.</param>
/// <param name="LeaseSeconds">How long its attempts live without that.</param>
/// <param name="AcceptanceSeconds">How long an attempt may take to reach it; what comes later is not begun.</param>
/// <param name="Broker">How this agent logs in to the broker; null means as its own settings say.</param>
/// <param name="HearsEvents">Whether <see cref="HostEventsSeen"/> is understood: an earlier version makes a dead letter of it.</param>
public sealed record AgentWelcome(
    string Agent, double HeartbeatSeconds, double LeaseSeconds, double AcceptanceSeconds = 15, BrokerLogin? Broker = null,
    bool HearsEvents = false);

/// <summary>
/// The agent's own user of the broker, which may read its queue and write where it reports, and nothing else.
/// </summary>
public sealed record BrokerLogin(string User, string Password);
