namespace Fleet.Control.Platform.Access.Keys;

/// <summary>The row of a key. The text itself is kept nowhere.</summary>
internal sealed class ApiKey : ITenantRow
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Tenant { get; init; }
    public required byte[] Sha256 { get; init; }

    /// <summary>Words, so that the table can be read and outlives the order of the bits.</summary>
    public required string[] Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The key that made this one; null for the first.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>Within a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}
