using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>What was answered to the first request with an <c>Idempotency-Key</c>, written with what it did.</summary>
internal sealed class IdempotentAnswer
{
    /// <summary>The API key that asked: others may use the same words.</summary>
    public Guid Owner { get; set; }

    public string Key { get; set; } = "";

    /// <summary>SHA-256 of method, path and body.</summary>
    public byte[] Request { get; set; } = [];

    public int Status { get; set; }

    public string? Location { get; set; }

    public string Body { get; set; } = "";

    public DateTimeOffset At { get; set; }
}

internal sealed class IdempotencyTables : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> builder)
    {
        builder.ToTable("idempotent_answers");
        builder.HasKey(answer => new { answer.Owner, answer.Key });
        builder.HasIndex(answer => answer.At).HasDatabaseName("ix_idempotent_answers_at");
    }
}
