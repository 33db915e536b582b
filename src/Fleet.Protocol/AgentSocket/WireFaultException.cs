namespace Fleet.Protocol.AgentSocket;

/// <summary>A message that cannot be taken: what the <c>error</c> that answers it says.</summary>
/// <param name="code">One of <see cref="WireFaults"/>.</param>
/// <param name="message">A sentence that names the field.</param>
public sealed class WireFaultException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>Codes of <c>error</c> messages.</summary>
public static class WireFaults
{
    /// <summary>It cannot be read, or a field of it is wrong.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>The agent speaks a protocol that is not spoken here any more.</summary>
    public const string ProtocolTooOld = "protocol_too_old";

    /// <summary>Nobody knows messages of this type.</summary>
    public const string UnknownType = "unknown_type";

    /// <summary>The job is none of this agent's.</summary>
    public const string UnknownJob = "unknown_job";

    /// <summary>The schedule is none that this agent holds.</summary>
    public const string UnknownSchedule = "unknown_schedule";

    /// <summary>The schedule has no such time.</summary>
    public const string NotDue = "not_due";

    /// <summary>The agent has nothing to do with such a repository.</summary>
    public const string UnknownRepository = "unknown_repository";

    /// <summary>It cannot be done at the moment.</summary>
    public const string Unavailable = "unavailable";
}
