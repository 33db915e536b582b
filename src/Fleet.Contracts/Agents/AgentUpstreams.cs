namespace Fleet.Contracts.Agents;

/// <summary>What an agent's model upstreams have, all of it each time: a later number of a session replaces an earlier.</summary>
/// <param name="Answers">Every <see cref="LookAgain.Ask"/> that came before the agent looked.</param>
public sealed record AgentUpstreams(
    string Agent,
    Guid Session,
    long Number,
    IReadOnlyList<UpstreamReport> Upstreams,
    IReadOnlyList<Guid>? Answers = null);

/// <summary>One server of models, as its agent found it.</summary>
/// <param name="Protocol"><c>ollama</c>, <c>openai</c> or <c>aichat</c>; null while nobody knows.</param>
/// <param name="IsReachable">False while calls of it would come to nothing.</param>
/// <param name="Generations">How many answers it may write at once.</param>
/// <param name="Embeddings">How many calls for embeddings it may have at once, beside the generations.</param>
/// <param name="Loaded">Names of the models that it has in memory, as far as it tells.</param>
/// <param name="Error">Why it is not reachable, in a sentence.</param>
/// <param name="LoadedUntil">Until when it keeps models in memory, by name, as far as it tells.</param>
public sealed record UpstreamReport(
    string Name,
    string? Protocol,
    bool IsReachable,
    int Generations,
    int Embeddings,
    IReadOnlyList<UpstreamModel> Models,
    IReadOnlyList<string> Loaded,
    string? Version = null,
    string? Error = null,
    IReadOnlyDictionary<string, DateTimeOffset>? LoadedUntil = null);

/// <summary>A model that an upstream has.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Digest">Lower-case hex.</param>
/// <param name="DetailsJson">An object as Ollama's <c>details</c>.</param>
/// <param name="Capabilities">What it can do, in Ollama's words, such as <c>completion tools</c>; null where nobody tells.</param>
public sealed record UpstreamModel(
    string Name,
    long? Size = null,
    string? Digest = null,
    DateTimeOffset? ModifiedAt = null,
    string? DetailsJson = null,
    IReadOnlyList<string>? Capabilities = null);

/// <summary>Somebody misses a model: the agent looks what its upstreams have, and says it.</summary>
/// <param name="Ask">Comes back in <see cref="AgentUpstreams.Answers"/>.</param>
public sealed record LookAgain(Guid Ask);
