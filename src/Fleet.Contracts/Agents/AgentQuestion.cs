namespace Fleet.Contracts.Agents;

/// <summary>Somebody waits for an answer of the agent, which is given over HTTP: <c>PUT /v1/agents/{name}/replies/{question}</c>.</summary>
/// <param name="Operation"><see cref="Ping"/>, <see cref="Log"/> or <see cref="Packages"/>.</param>
/// <param name="Lines">With a log: how many of the last lines.</param>
public sealed record AskAgent(Guid Question, string Operation, int Lines = 0)
{
    /// <summary>
    /// The label by which an agent says at its registration which operations it answers, separated by commas. One without it is asked
    /// nothing: what its queue brings and it does not know becomes a dead letter.
    /// </summary>
    public const string Label = "answers";

    /// <summary>Its value, of an agent that answers all of them.</summary>
    public const string All = Ping + "," + Log + "," + Packages;

    /// <summary>Whether it is there; the answer is empty.</summary>
    public const string Ping = "ping";

    /// <summary>What it logged last, as text of UTF-8.</summary>
    public const string Log = "log";

    /// <summary>What notebooks may import there: <see cref="Notebooks.NotebookPackage"/>s as a list in JSON.</summary>
    public const string Packages = "packages";
}
