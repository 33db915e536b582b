using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Chat.Conversations;

/// <summary>Turns that follow each other. It is its owner's alone.</summary>
internal sealed class Conversation : IVersionedRow
{
    private const int LongestTitle = 80;

    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary>The API key whose it is.</summary>
    public Guid Owner { get; set; }

    /// <summary>Null until it is named, or something is asked.</summary>
    public string? Title { get; set; }

    /// <summary>Asked where a turn names no model.</summary>
    public string? Model { get; set; }

    /// <summary>Name of the upstream that is to answer; null where any may that can.</summary>
    public string? Upstream { get; set; }

    /// <summary>An object that says where the user is, where a turn does not say it.</summary>
    public string? Context { get; set; }

    /// <summary>What a client that knows no conversations calls the one it is in; null for all others.</summary>
    public string? Session { get; set; }

    /// <summary>Number of the latest turn.</summary>
    public int Turns { get; set; }

    /// <summary>What the upstream that answered last calls it.</summary>
    public string? UpstreamConversation { get; set; }

    /// <summary>Name of that upstream.</summary>
    public string? UpstreamName { get; set; }

    /// <summary>The conversation whose beginning it shares.</summary>
    public Guid? BranchOf { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When something was asked last, or when it was made.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>
    /// With any time, it does not exist for anybody; from that time on, what belongs to it goes as its turns end.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public bool IsOf(Guid key) => Owner == key && DeletedAt is null;

    /// <summary>
    /// The time of another turn: later than that of the one before, so that their order is that of their numbers, whichever
    /// process took them in.
    /// </summary>
    public DateTimeOffset Ask(string question, DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        ChangedAt = at > ChangedAt ? at : ChangedAt.AddMicroseconds(1);
        Title ??= TitleOf(question);
        return ChangedAt;
    }

    /// <summary>Another one that shares the beginning of this.</summary>
    /// <param name="number">The place at which they part.</param>
    public Conversation Branch(Guid id, int number, DateTimeOffset now) => new()
    {
        CorrelationId = id,
        Tenant = Tenant,
        Owner = Owner,
        Title = number > 1 ? Title : null,
        Model = Model,
        Upstream = Upstream,
        Context = Context,
        Turns = number - 1,
        BranchOf = CorrelationId,
        CreatedAt = now,
        ChangedAt = now,
    };

    /// <summary>The first line, cut between words.</summary>
    private static string? TitleOf(string question)
    {
        var line = question.Trim().Split(['\n', '\r'], 2)[0].Trim();
        if (line.Length <= LongestTitle)
            return line.Length > 0 ? line : null;
        var end = line.LastIndexOf(' ', LongestTitle) is > LongestTitle / 2 and var blank ? blank : LongestTitle;
        return line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)] + "…";
    }
}

/// <summary>Table <c>conversations</c>.</summary>
internal sealed class ConversationTables : IEntityTypeConfiguration<Conversation>
{
    public void Configure(EntityTypeBuilder<Conversation> builder)
    {
        builder.ToTable("conversations");
        builder.HasKey(conversation => conversation.CorrelationId);
        builder.Property(conversation => conversation.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(conversation => conversation.Version).IsConcurrencyToken();
        builder.Property(conversation => conversation.Context).HasColumnType("json");
        builder.HasIndex(conversation => new { conversation.Owner, conversation.ChangedAt, conversation.CorrelationId })
            .HasDatabaseName("ix_conversations_owner").HasFilter("deleted_at is null");
        builder.HasIndex(conversation => new { conversation.Owner, conversation.Session })
            .HasDatabaseName("ix_conversations_session").HasFilter("session is not null");
        builder.HasIndex(conversation => conversation.DeletedAt)
            .HasDatabaseName("ix_conversations_deleted").HasFilter("deleted_at is not null");
    }
}
