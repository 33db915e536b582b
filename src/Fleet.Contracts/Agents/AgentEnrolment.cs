namespace Fleet.Contracts.Agents;

/// <summary>
/// The answer to <c>POST /v1/agents/{name}/enrolment</c> and to the claim of an approved announcement: what the agent
/// proves itself with from now on.
/// </summary>
/// <param name="AgentToken">Shown this once.</param>
public sealed record AgentEnrolled(string Agent, string AgentToken);

/// <summary>A host without any token asks to be let in: <c>POST /v1/agents/announcements</c>.</summary>
public sealed record JoinRequest(string Name, string Hostname, string Os, string Arch, string Version);

/// <summary>The answer: somebody has to approve, and the host asks now and then whether it happened.</summary>
/// <param name="AnnouncementId">For <c>POST /v1/agents/announcements/{id}/claim</c>.</param>
/// <param name="ClaimSecret">Proves at the claim that it is the same host; shown this once.</param>
/// <param name="Fingerprint">What both the host and whoever approves it see, to tell it from an impostor.</param>
public sealed record AnnouncementTaken(string AnnouncementId, string ClaimSecret, string Fingerprint, DateTimeOffset ExpiresAt);
