using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Broker;

/// <summary>A message that could not be handled, with the reason. Nothing that arrived is dropped unseen.</summary>
internal sealed class DeadLetter
{
    public Guid Id { get; set; }

    /// <summary>The queue it was read from.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The exchange it came through: for what agents say, the proof of who said it.</summary>
    public string Exchange { get; set; } = "";

    public string Reason { get; set; } = "";

    public string? MessageId { get; set; }

    public string? ContentType { get; set; }

    /// <summary>The message as it arrived, at most 1 MiB of it.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>Not all of the message is here: the rest was handled, or is longer than what is kept.</summary>
    public bool IsPart { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>When it was sent again; null if it was not.</summary>
    public DateTimeOffset? ReplayedAt { get; set; }
}

internal sealed class DeadLetterTables : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> builder)
    {
        builder.ToTable("dead_letters");
        builder.HasKey(letter => letter.Id);
        builder.Property(letter => letter.Id).ValueGeneratedNever();
    }
}
