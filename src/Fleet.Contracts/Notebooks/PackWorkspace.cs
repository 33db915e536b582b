namespace Fleet.Contracts.Notebooks;

/// <summary>
/// The files are wanted of the directory in which a notebook that the agent has in hand begins. The agent brings them as a tar over
/// a WebSocket that it opens as for <see cref="OpenTunnel"/>, and closes that when it has sent all: one that just ends was broken off.
/// What has a dot in front of its name is left out: a notebook's directory is its user's home.
/// </summary>
/// <param name="Tunnel">Its id.</param>
/// <param name="WorkId">Of the work that is the notebook's server.</param>
public sealed record PackWorkspace(Guid Tunnel, Guid WorkId, int Attempt);
