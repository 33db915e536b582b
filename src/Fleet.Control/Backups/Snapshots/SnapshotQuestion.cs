using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>A question to an agent that somebody waits for; gone when nobody does any more.</summary>
internal sealed class SnapshotQuestion
{
    public Guid Id { get; set; }

    /// <summary>Who may answer.</summary>
    public string Agent { get; set; } = "";

    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Whether somebody has begun to answer.</summary>
    public bool IsTaken { get; set; }

    /// <summary>All pieces are there.</summary>
    public bool IsDone { get; set; }

    /// <summary>Why there is no answer, or no end of it.</summary>
    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }
}

/// <summary>A piece of an answer on its way from the Control that hears it to the one that asked.</summary>
internal sealed class SnapshotAnswerPiece
{
    public Guid Question { get; set; }

    public int Number { get; set; }

    public byte[] Bytes { get; set; } = [];
}

/// <summary>Table <c>snapshot_questions</c>.</summary>
internal sealed class SnapshotQuestionTables : IEntityTypeConfiguration<SnapshotQuestion>
{
    public void Configure(EntityTypeBuilder<SnapshotQuestion> builder)
    {
        builder.ToTable("snapshot_questions");
        builder.HasKey(question => question.Id);
        builder.Property(question => question.Id).ValueGeneratedNever();
    }
}

/// <summary>Table <c>snapshot_answers</c>.</summary>
internal sealed class SnapshotAnswerTables : IEntityTypeConfiguration<SnapshotAnswerPiece>
{
    public void Configure(EntityTypeBuilder<SnapshotAnswerPiece> builder)
    {
        builder.ToTable("snapshot_answers");
        builder.HasKey(piece => new { piece.Question, piece.Number });
    }
}
