namespace Fleet.Contracts.Backups;

/// <summary>What opens a repository. It goes to the agent in an answer over HTTP, and lies nowhere else in plain.</summary>
/// <param name="Url">As restic takes it; may hold a user and a password itself.</param>
/// <param name="Env">Variables that restic needs, such as those of a cloud.</param>
public sealed record RepositoryCredentials(string Url, string Password, IReadOnlyDictionary<string, string> Env)
{
    /// <summary>Records show all they have in logs and messages; this one does not.</summary>
    public override string ToString() => nameof(RepositoryCredentials);
}

/// <summary>
/// Asks for credentials: <c>POST /v1/agents/{name}/repository-credentials</c> with the agent's token. The ticket came with
/// an attempt or with a question, is bound to the agent, and opens nothing once the attempt is over.
/// </summary>
public sealed record RepositoryTicket(string Ticket);
