namespace Fleet.Contracts.Agents;

/// <summary>What an agent process says over HTTP when it starts: <c>PUT /v1/agents/{name}</c>.</summary>
/// <param name="Session">New with every start of the process.</param>
/// <param name="Slots">How many attempts of each capability may run at once, 1 to 10,000.</param>
public sealed record AgentRegistration(
    Guid Session,
    string Version,
    string Hostname,
    string Os,
    string Arch,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels);

/// <summary>The answer: what the agent needs to know to do its work.</summary>
/// <param name="HeartbeatSeconds">How often it must say that it is alive.</param>
/// <param name="LeaseSeconds">How long its attempts live without that.</param>
public sealed record AgentWelcome(string Agent, double HeartbeatSeconds, double LeaseSeconds);
