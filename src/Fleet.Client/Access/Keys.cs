using Fleet.Client.Http;

namespace Fleet.Client.Access;

/// <summary>A key without its secret.</summary>
public sealed record ApiKey(
    string KeyId,
    string Name,
    string Tenant,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt);

/// <param name="Key">The secret, shown this once.</param>
public sealed record NewApiKey(
    string KeyId,
    string Name,
    string Tenant,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    string? Key);

/// <summary>A key to be made: either scopes or a role.</summary>
/// <param name="Role"><c>viewer operator admin</c>.</param>
/// <param name="Tenant">That of who asks, where it is null.</param>
public sealed record ApiKeyDraft(
    string Name, IReadOnlyList<string>? Scopes = null, string? Role = null, string? Tenant = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Keys: <c>/v1/api-keys</c> and <c>/v1/whoami</c>.</summary>
public sealed class KeysClient
{
    private const string Path = "/v1/api-keys";

    private readonly FleetHttp _http;

    internal KeysClient(FleetHttp http) => _http = http;

    /// <summary>The key that asks.</summary>
    public Task<ApiKey> WhoAmI(CancellationToken stop = default) => _http.Get<ApiKey>("/v1/whoami", stop);

    public IAsyncEnumerable<ApiKey> List(CancellationToken stop = default) => _http.All<ApiKey>(Path, stop);

    public Task<NewApiKey> Create(ApiKeyDraft draft, CancellationToken stop = default) => _http.Post<NewApiKey>(Path, draft, stop);

    public Task Revoke(string keyId, CancellationToken stop = default) => _http.Delete($"{Path}/{Query.Part(keyId)}", stop);
}
