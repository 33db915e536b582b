using Fleet.Client.Http;

namespace Fleet.Client.Upkeep;

/// <summary>What those do who look after a fleet: freezes, dead letters, queues, retention, saved filters.</summary>
public sealed class UpkeepClient
{
    private const string Frozen = "/v1/freezes";
    private const string Letters = "/v1/dead-letters";
    private const string Rules = "/v1/retention-rules";
    private const string Saved = "/v1/views";

    private readonly FleetHttp _http;

    internal UpkeepClient(FleetHttp http) => _http = http;

    public IAsyncEnumerable<Freeze> Freezes(CancellationToken stop = default) => _http.All<Freeze>(Frozen, stop);

    public Task<Freeze> Freeze(string name, FreezeDraft draft, CancellationToken stop = default) =>
        _http.Change<Freeze>(HttpMethod.Put, $"{Frozen}/{Query.Part(name)}", draft, null, stop);

    public Task Thaw(string name, CancellationToken stop = default) => _http.Delete($"{Frozen}/{Query.Part(name)}", stop);

    public IAsyncEnumerable<DeadLetter> DeadLetters(CancellationToken stop = default) => _http.All<DeadLetter>(Letters, stop);

    /// <summary>Sends it again.</summary>
    public Task<DeadLetter> Replay(string letterId, CancellationToken stop = default) =>
        _http.Post<DeadLetter>($"{Letters}/{Query.Part(letterId)}/replay", null, stop);

    public Task DeleteDeadLetter(string letterId, CancellationToken stop = default) =>
        _http.Delete($"{Letters}/{Query.Part(letterId)}", stop);

    /// <summary>The queues of the broker, by name.</summary>
    public IAsyncEnumerable<BrokerQueue> Queues(CancellationToken stop = default) => _http.All<BrokerQueue>("/v1/queues", stop);

    /// <summary>What can happen to each family of work.</summary>
    public IAsyncEnumerable<Lifecycle> Lifecycles(CancellationToken stop = default) => _http.All<Lifecycle>("/v1/lifecycles", stop);

    public Task<RetentionProgress> Retention(CancellationToken stop = default) => _http.Get<RetentionProgress>("/v1/retention", stop);

    public IAsyncEnumerable<RetentionRule> RetentionRules(CancellationToken stop = default) => _http.All<RetentionRule>(Rules, stop);

    public Task<RetentionRule> AddRetentionRule(RetentionDraft draft, CancellationToken stop = default) =>
        _http.Post<RetentionRule>(Rules, draft, stop);

    /// <summary>Counts what would go at once, and stores nothing.</summary>
    public Task<RetentionForecast> ForeseeRetention(RetentionDraft draft, CancellationToken stop = default) =>
        _http.Post<RetentionForecast>($"{Rules}?dry_run=true", draft, stop);

    public Task DeleteRetentionRule(string ruleId, CancellationToken stop = default) =>
        _http.Delete($"{Rules}/{Query.Part(ruleId)}", stop);

    public IAsyncEnumerable<SavedView> Views(CancellationToken stop = default) => _http.All<SavedView>(Saved, stop);

    public Task<SavedView> SaveView(ViewDraft draft, CancellationToken stop = default) => _http.Post<SavedView>(Saved, draft, stop);

    public Task DeleteView(string name, CancellationToken stop = default) => _http.Delete($"{Saved}/{Query.Part(name)}", stop);
}
