using Fleet.Client.Http;

namespace Fleet.Client.Access;

/// <summary>One write: who, what, when, from where, with which result.</summary>
/// <param name="Count">How many refusals this row stands for.</param>
public sealed record AuditEntry(
    string AuditId,
    DateTimeOffset At,
    string Who,
    string? KeyId,
    string? Agent,
    string? Tenant,
    string Action,
    IReadOnlyList<string> Objects,
    string Method,
    string? Route,
    string Path,
    string Address,
    string? TraceId,
    string? RequestId,
    int Status,
    string? Code,
    int Count);

/// <param name="Key">An id, or a name.</param>
/// <param name="Path">The beginning of one.</param>
/// <param name="Status">A status, or <c>4xx</c>.</param>
public sealed record AuditFilter(
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    string? Key = null,
    string? Agent = null,
    string? Action = null,
    string? Path = null,
    string? Status = null);

/// <summary>The audit: <c>/v1/audit</c>.</summary>
public sealed class AuditClient
{
    private readonly FleetHttp _http;

    internal AuditClient(FleetHttp http) => _http = http;

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<AuditEntry> List(AuditFilter filter, CancellationToken stop = default) =>
        _http.All<AuditEntry>(Path(filter), stop);

    /// <summary>One page, newest first.</summary>
    public Task<Page<AuditEntry>> ListPage(
        AuditFilter filter, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        _http.Get<Page<AuditEntry>>(Query.With(Path(filter), ("limit", limit), ("cursor", cursor)), stop);

    private static string Path(AuditFilter filter) => Query.With(
        "/v1/audit", ("since", filter.Since), ("until", filter.Until), ("key", filter.Key), ("agent", filter.Agent),
        ("action", filter.Action), ("path", filter.Path), ("status", filter.Status));
}
