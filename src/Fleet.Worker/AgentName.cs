using Fleet.Contracts.Agents;

namespace Fleet.Worker;

/// <summary>The name of an agent that was given none.</summary>
internal static class AgentName
{
    private const int Longest = 60;

    public static string OfThisHost() => From(Environment.MachineName);

    /// <summary>The machine's name, made to fit <see cref="AgentAddress.IsName"/>.</summary>
    public static string From(string machine)
    {
        var letters = machine.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var name = new string([.. letters]).Trim('-');
        if (name.Length > Longest)
            name = name[..Longest].Trim('-');
        if (name.EndsWith("-out", StringComparison.Ordinal))
            name = name[..^"-out".Length].Trim('-');
        return AgentAddress.IsName(name) ? name : "agent";
    }
}
