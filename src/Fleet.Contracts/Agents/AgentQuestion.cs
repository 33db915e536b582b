namespace Fleet.Contracts.Agents;

/// <summary>Somebody waits for an answer of the agent, which is given over HTTP: <c>PUT /v1/agents/{name}/replies/{question}</c>.</summary>
/// <param name="Operation"><see cref="Ping"/> or <see cref="Log"/>.</param>
/// <param name="Lines">With a log: how many of the last lines.</param>
public sealed record AskAgent(Guid Question, string Operation, int Lines = 0)
{
    /// <summary>Whether it is there; the answer is empty.</summary>
    public const string Ping = "ping";

    /// <summary>What it logged last, as text of UTF-8.</summary>
    public const string Log = "log";
}
