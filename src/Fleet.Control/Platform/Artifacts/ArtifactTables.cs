using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>Tables <c>artifacts</c> and <c>artifact_chunks</c>.</summary>
internal sealed class ArtifactTables : IEntityTypeConfiguration<Artifact>, IEntityTypeConfiguration<ArtifactChunk>
{
    public void Configure(EntityTypeBuilder<Artifact> builder)
    {
        builder.ToTable("artifacts");
        builder.HasKey(artifact => artifact.Id).HasName("pk_artifacts");
        builder.Property(artifact => artifact.Id).ValueGeneratedNever();
        builder.HasIndex(artifact => new { artifact.OwnerId, artifact.Name })
            .IsUnique().HasFilter("complete").HasDatabaseName("ux_artifacts_owner_id_name");
        builder.HasIndex(artifact => artifact.TouchedAt)
            .HasFilter("NOT complete").HasDatabaseName("ix_artifacts_touched_at");
    }

    public void Configure(EntityTypeBuilder<ArtifactChunk> builder)
    {
        builder.ToTable("artifact_chunks");
        builder.HasKey(chunk => new { chunk.ArtifactId, chunk.Number }).HasName("pk_artifact_chunks");
        builder.HasOne<Artifact>().WithMany().HasForeignKey(chunk => chunk.ArtifactId)
            .HasConstraintName("fk_artifact_chunks_artifact_id");
    }
}
