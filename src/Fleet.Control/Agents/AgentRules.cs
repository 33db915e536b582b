using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;

namespace Fleet.Control.Agents;

/// <summary>What agents, and those who let them in, may write. All answers are sentences by field; empty means well.</summary>
internal static class AgentRules
{
    public const int LongestTrouble = 500;

    private const int MostText = 200;
    private const int LongestLife = 3600;
    private const int MostTenants = 100;

    private const string NameRule = "Use 1 to 60 lower-case letters, digits and inner hyphens, not ending in -out.";

    /// <summary>Words of the paths beside <c>/v1/agents/{name}</c>.</summary>
    private static readonly string[] Reserved = ["enrolments", "announcements", "enroll"];

    public static Dictionary<string, string[]> Check(string name, AgentRegistration registration)
    {
        var wrong = new Dictionary<string, string[]>();
        CheckName(wrong, name);
        if (registration.Session == Guid.Empty)
            wrong["session"] = ["Give a new id with every start of the agent."];
        CheckTexts(
            wrong,
            ("version", registration.Version),
            ("hostname", registration.Hostname),
            ("os", registration.Os),
            ("arch", registration.Arch));
        if (registration.Slots.Count is 0 or > 64
            || registration.Slots.Any(slot => slot.Value is < 0 or > 10_000 || slot.Key.Length is 0 or > 60))
            wrong["slots"] = ["Name 1 to 64 capabilities of at most 60 characters, each with 0 to 10,000 slots."];
        CheckLabels(wrong, registration.Labels);
        return wrong;
    }

    public static Dictionary<string, string[]> Check(JoinRequest announcement)
    {
        var wrong = new Dictionary<string, string[]>();
        CheckName(wrong, announcement.Name);
        CheckTexts(
            wrong,
            ("version", announcement.Version),
            ("hostname", announcement.Hostname),
            ("os", announcement.Os),
            ("arch", announcement.Arch));
        return wrong;
    }

    public static Dictionary<string, string[]> Check(CreateEnrolment enrolment)
    {
        var wrong = CheckGiven(enrolment.Name, enrolment.Labels, enrolment.Tenants);
        if (enrolment.ExpiresInS is < 1 or > LongestLife)
            wrong["expires_in_s"] = [$"This must be a whole number from 1 to {LongestLife}."];
        return wrong;
    }

    /// <summary>What whoever lets an agent in decides about it.</summary>
    public static Dictionary<string, string[]> CheckGiven(
        string? name, IReadOnlyDictionary<string, string>? labels, IReadOnlyList<string>? tenants)
    {
        var wrong = new Dictionary<string, string[]>();
        if (name is not null)
            CheckName(wrong, name);
        if (labels is not null)
            CheckLabels(wrong, labels);
        if (tenants is { Count: > MostTenants } || tenants?.All(tenant => tenant is not null && Tenants.IsName(tenant)) == false)
            wrong["tenants"] = [$"At most {MostTenants} names of lower-case letters, digits and inner hyphens, at most 60 each."];
        return wrong;
    }

    public static Dictionary<string, string[]> CheckName(string name)
    {
        var wrong = new Dictionary<string, string[]>();
        CheckName(wrong, name);
        return wrong;
    }

    private static void CheckName(Dictionary<string, string[]> wrong, string? name)
    {
        if (!AgentAddress.IsName(name))
            wrong["name"] = [NameRule];
        else if (Reserved.Contains(name))
            wrong["name"] = [$"No agent can have one of these names: {string.Join(", ", Reserved)}."];
    }

    private static void CheckTexts(Dictionary<string, string[]> wrong, params (string Field, string? Text)[] texts)
    {
        foreach (var (field, text) in texts)
        {
            if (text is null || text.Length > MostText)
                wrong[field] = [$"This is needed, with at most {MostText} characters."];
        }
    }

    private static void CheckLabels(Dictionary<string, string[]> wrong, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > 64
            || labels.Any(label => label.Key.Length is 0 or > MostText || label.Value is null or { Length: > MostText }))
            wrong["labels"] = [$"At most 64 labels, with names and values of at most {MostText} characters."];
    }
}
