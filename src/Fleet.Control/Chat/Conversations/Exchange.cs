using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Chat.Conversations;

/// <summary>
/// A question and its answer as a conversation remembers them, written twice: when it is asked, and when it is over. It goes
/// with its turn; a branch has copies, which stay with the branch.
/// </summary>
internal sealed class Exchange
{
    public Guid ConversationId { get; set; }

    public Guid TurnId { get; set; }

    /// <summary>Its place in the conversation, from 1.</summary>
    public int Number { get; set; }

    public string Tenant { get; set; } = "";

    public Guid Owner { get; set; }

    public string Question { get; set; } = "";

    /// <summary>Null until it is over.</summary>
    public string? Answer { get; set; }

    public string? Model { get; set; }

    /// <summary>A word of <see cref="TurnStates"/>: <c>queued</c> until it is over.</summary>
    public string State { get; set; } = TurnStates.Queued;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public double? DurationMs { get; set; }

    public string[] UsedTools { get; set; } = [];

    public string? ClassifierTag { get; set; }

    public long? InputTokens { get; set; }

    public long? OutputTokens { get; set; }

    /// <summary>Another turn answers the same question in its place.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The turn belongs to the conversation that this one branched off.</summary>
    public bool IsCopy { get; set; }
}

/// <summary>Table <c>exchanges</c>.</summary>
internal sealed class ExchangeTables : IEntityTypeConfiguration<Exchange>
{
    public void Configure(EntityTypeBuilder<Exchange> builder)
    {
        builder.ToTable("exchanges");
        builder.HasKey(exchange => new { exchange.ConversationId, exchange.TurnId });
        builder.HasIndex(exchange => new { exchange.ConversationId, exchange.Number }).IsUnique()
            .HasDatabaseName("ux_exchanges_place").HasFilter("not is_replaced");
        builder.HasIndex(exchange => exchange.TurnId).HasDatabaseName("ix_exchanges_turn");
        builder.HasIndex(exchange => exchange.CreatedAt).HasDatabaseName("ix_exchanges_created");
        builder.HasIndex(exchange => new { exchange.Owner, exchange.CreatedAt }).HasDatabaseName("ix_exchanges_owner");
    }
}
