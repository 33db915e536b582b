using Fleet.Contracts.Agents;

namespace Fleet.Control.Agents;

/// <summary>What a registration must look like.</summary>
internal static class AgentRules
{
    private const int MostText = 200;

    /// <returns>Sentences by field; empty when all is well.</returns>
    public static Dictionary<string, string[]> Check(string name, AgentRegistration registration)
    {
        var wrong = new Dictionary<string, string[]>();
        if (!AgentAddress.IsName(name))
            wrong["name"] = ["Use 1 to 60 lower-case letters, digits and inner hyphens, not ending in -out."];
        if (registration.Session == Guid.Empty)
            wrong["session"] = ["Give a new id with every start of the agent."];
        foreach (var (field, text) in Texts(registration))
        {
            if (text is null || text.Length > MostText)
                wrong[field] = [$"This is needed, with at most {MostText} characters."];
        }

        if (registration.Slots.Count == 0 || registration.Slots.Any(slot => slot.Value is < 0 or > 10_000 || slot.Key.Length > 60))
            wrong["slots"] = ["Name at least one capability, each with 0 to 10,000 slots."];
        if (registration.Labels.Count > 64
            || registration.Labels.Any(label => label.Key.Length is 0 or > MostText || label.Value is null or { Length: > MostText }))
            wrong["labels"] = [$"At most 64 labels, with names and values of at most {MostText} characters."];
        return wrong;
    }

    private static IEnumerable<(string Field, string? Text)> Texts(AgentRegistration registration) =>
    [
        ("version", registration.Version), ("hostname", registration.Hostname),
        ("os", registration.Os), ("arch", registration.Arch),
    ];
}
