using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Chat.Responses;

/// <summary>The output of a response that has ended, as it was made of its journal once.</summary>
internal sealed class KeptOutput
{
    public Guid TurnId { get; set; }

    /// <summary>A list of <see cref="ResponseItem"/> as JSON.</summary>
    public string Output { get; set; } = "[]";
}

/// <summary>Table <c>response_outputs</c>.</summary>
internal sealed class KeptOutputTables : IEntityTypeConfiguration<KeptOutput>
{
    public void Configure(EntityTypeBuilder<KeptOutput> builder)
    {
        builder.ToTable("response_outputs");
        builder.HasKey(kept => kept.TurnId);
        builder.Property(kept => kept.TurnId).ValueGeneratedNever();
    }
}
