using System.Text.Json.Serialization;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Access;

/// <summary>Body of <c>POST /v1/api-keys</c>: either scopes or a role.</summary>
/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
/// <param name="Tenant">Null means the tenant of who asks.</param>
internal sealed record CreateApiKey(
    string Name,
    IReadOnlyList<string?>? Scopes = null,
    string? Role = null,
    string? Tenant = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A key without its secret.</summary>
internal sealed record ApiKeyView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid KeyId,
    string Name,
    string Tenant,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt)
{
    public static ApiKeyView Of(ApiKey key) => new(
        key.Id, key.Name, key.Tenant, key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}

/// <summary>A new key, with the secret that is shown this once.</summary>
/// <param name="Key">What goes behind <c>Authorization: Bearer</c>; null in the answer to a repetition.</param>
internal sealed record NewApiKeyView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid KeyId,
    string Name,
    string Tenant,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    string? Key)
{
    public static NewApiKeyView Of(ApiKey key, string text) => new(
        key.Id, key.Name, key.Tenant, key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt, text);
}
