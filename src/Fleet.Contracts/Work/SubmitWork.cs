namespace Fleet.Contracts.Work;

/// <summary>Asks for a new piece of work. The same id twice is the same piece of work.</summary>
/// <param name="SpecJson">What an agent is to do, in the words of the kind; see <see cref="SpecJson"/>.</param>
/// <param name="Tenant">Who may see it: keys of the same tenant.</param>
/// <param name="Name">Free text for people; not unique.</param>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="MaxAttempts">How many attempts may fail or be lost before the work fails.</param>
/// <param name="TimeoutSeconds">How long one attempt may run; null means as long as it likes.</param>
/// <param name="ExpiresAt">When the work expires if it has not started by then.</param>
/// <param name="RetryOf">The finished work this one repeats.</param>
/// <param name="Terms">On what terms it waits; null means the defaults.</param>
/// <param name="Wire">By what it came, where that decides in whose words it is told of, or who keeps account of its end:
/// <c>foreman</c>, <c>execution</c>; null for the native API.</param>
/// <param name="Capability">What an agent needs slots of; null means one that is called as the kind.</param>
/// <param name="Model">With a model call: the name of the model, as it was asked for.</param>
/// <param name="Upstream">With a model call: the upstream that is to answer, by its name, or by
/// <c>protocol:</c> and what it speaks; null means any that has the model.</param>
/// <param name="Owner">The API key that alone may see it; null where all keys of the tenant may.</param>
public sealed record SubmitWork(
    Guid WorkId,
    string Kind,
    string SpecJson,
    string Tenant,
    string? Name,
    IReadOnlyDictionary<string, string> Labels,
    int Priority,
    int MaxAttempts,
    int? TimeoutSeconds,
    DateTimeOffset? ExpiresAt,
    WorkTarget Target,
    string? StateWebhookUrl = null,
    Guid? RetryOf = null,
    QueueTerms? Terms = null,
    string? Wire = null,
    string? Capability = null,
    string? Model = null,
    string? Upstream = null,
    Guid? Owner = null) : IWorkMessage;

/// <summary>On what terms work waits for its turn. Keys are compared within one tenant.</summary>
/// <param name="Offline"><c>wait</c>, <c>skip</c> or <c>newest</c>: what becomes of it while its agents are away.</param>
/// <param name="QueueKey">With <c>newest</c>: of what waits under one key, only what was accepted last stays.</param>
/// <param name="NotBefore">It does not start earlier.</param>
/// <param name="ConcurrencyKey">It starts only while fewer than <paramref name="ConcurrencyLimit"/> of this key run; with a limit
/// of 0 only while none does, and none starts beside it.</param>
/// <param name="SequenceKey">Work of this key runs one at a time, in the order in which it was accepted.</param>
/// <param name="FairnessKey">Slots are shared out evenly between these.</param>
/// <param name="RateKey">At most <paramref name="RateLimit"/> of this key start within any <paramref
/// name="RateSeconds"/>.</param>
/// <param name="RetryPauseSeconds">How long it pauses before another attempt; null means a pause that grows.</param>
public sealed record QueueTerms(
    string Offline = "wait",
    string? QueueKey = null,
    DateTimeOffset? NotBefore = null,
    string? ConcurrencyKey = null,
    int? ConcurrencyLimit = null,
    string? SequenceKey = null,
    string? FairnessKey = null,
    string? RateKey = null,
    int? RateLimit = null,
    int? RateSeconds = null,
    int? RetryPauseSeconds = null);

/// <summary>
/// Where work may run: on one agent by name, on any agent that has all the labels, or (both empty) anywhere.
/// </summary>
public sealed record WorkTarget(string? Agent, IReadOnlyDictionary<string, string> Labels);
