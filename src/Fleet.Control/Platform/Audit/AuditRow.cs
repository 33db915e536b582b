using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Audit;

/// <summary>
/// One write that somebody asked for, and what became of it. Written once and never changed. It holds no bodies, no
/// queries and no secrets.
/// </summary>
internal sealed record AuditRow
{
    /// <summary>Later rows have higher ids: its first bits are <see cref="At"/>.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The name of the key or of the agent; <see cref="Unknown"/> without valid credentials.</summary>
    public required string Who { get; init; }

    public Guid? KeyId { get; init; }

    /// <summary>The agent whose own token it was, or became.</summary>
    public string? Agent { get; init; }

    /// <summary>Null where nobody is known.</summary>
    public string? Tenant { get; init; }

    /// <summary>What was asked for: <c>job.submit</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Ids or names of what it was about, as far as they are known.</summary>
    public string[] Objects { get; init; } = [];

    public required string Method { get; init; }

    /// <summary>The pattern of the route; null where there is none.</summary>
    public string? Route { get; init; }

    public required string Path { get; init; }

    /// <summary>The address that the edge saw, or that of whoever came past it.</summary>
    public required string Address { get; init; }

    public string? TraceId { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Of the answer; 499 where nobody waited for it.</summary>
    public required int Status { get; init; }

    /// <summary>The problem's code, where it was refused.</summary>
    public string? Code { get; init; }

    /// <summary>How many requests, or how much removed work, the row stands for.</summary>
    public int Count { get; init; } = 1;

    public const string Unknown = "unknown";

    /// <summary>What Fleet does without being asked.</summary>
    public static AuditRow OfItself(string who, string action, Guid[] objects, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        At = now,
        Who = who,
        Action = action,
        Objects = [.. objects.Select(WireId.Format)],
        Method = "",
        Path = "",
        Address = "",
        Status = 200,
        Count = objects.Length,
    };

    /// <summary>The least id of a time.</summary>
    public static Guid FirstIdOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>
/// Table <c>audit</c>. Rows come in the order of every index but few, so that a write costs little.
/// </summary>
internal sealed class AuditTables : IEntityTypeConfiguration<AuditRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("audit");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.HasIndex(row => new { row.KeyId, row.Id }).HasDatabaseName("ix_audit_key");
        builder.HasIndex(row => new { row.Action, row.Id }).HasDatabaseName("ix_audit_action");
        builder.HasIndex(row => new { row.Agent, row.Id }).HasDatabaseName("ix_audit_agent").HasFilter("agent is not null");
        builder.HasIndex(row => new { row.Status, row.Id }).HasDatabaseName("ix_audit_refused").HasFilter("status >= 400");
    }
}
