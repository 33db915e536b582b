namespace Fleet.Control.Platform.Agents;

/// <summary>How agents are told things, whichever way they are reached.</summary>
internal interface IAgentChannel
{
    /// <summary>Returns when the message will reach the agent, unless that is never seen again.</summary>
    /// <param name="messageId">The same for every repetition of the same message.</param>
    /// <exception cref="TimeoutException">It was not confirmed in time; the agent may hear it all the same.</exception>
    Task Send(string agent, object message, Guid messageId, CancellationToken stop);

    /// <summary>Says something whose loss costs nothing but time.</summary>
    /// <exception cref="TimeoutException">It was not confirmed in time.</exception>
    Task Tell(string agent, object message, CancellationToken stop);
}
