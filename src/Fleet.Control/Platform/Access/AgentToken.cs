using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Access;

/// <summary>A token that an agent proves itself with. The text itself is kept nowhere; a revoked one has no row.</summary>
internal sealed class AgentToken
{
    public required byte[] Sha256 { get; init; }

    public required string Agent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is the agent's newest; after that it lives for a short overlap.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed class AgentTokenTables : IEntityTypeConfiguration<AgentToken>
{
    public void Configure(EntityTypeBuilder<AgentToken> builder)
    {
        builder.ToTable("agent_tokens");
        builder.HasKey(token => token.Sha256);
        builder.HasIndex(token => token.Agent);
    }
}
