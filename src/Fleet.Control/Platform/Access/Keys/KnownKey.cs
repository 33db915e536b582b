namespace Fleet.Control.Platform.Access.Keys;

/// <summary>What the database said about a key that is not revoked.</summary>
internal sealed record KnownKey(Caller Caller, DateTimeOffset? ExpiresAt);
