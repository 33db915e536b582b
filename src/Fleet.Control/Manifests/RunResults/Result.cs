using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>What one run of an execution left, written once when it was over.</summary>
internal sealed class Result
{
    /// <summary>That of its job.</summary>
    public Guid Id { get; set; }

    /// <summary>Null for a command that was run by itself.</summary>
    public Guid? ExecutionId { get; set; }

    public string Tenant { get; set; } = "";

    public string Agent { get; set; } = "";

    public string Manifest { get; set; } = "";

    public string Version { get; set; } = "";

    public int ExitCode { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset FinishedAt { get; set; }

    public string Stdout { get; set; } = "";

    public string Stderr { get; set; } = "";

    public bool StdoutTruncated { get; set; }

    public bool StderrTruncated { get; set; }
}

/// <summary>Table <c>results</c>; the trigram indexes of both streams are in the migration.</summary>
internal sealed class ResultTables : IEntityTypeConfiguration<Result>
{
    public void Configure(EntityTypeBuilder<Result> builder)
    {
        builder.ToTable("results");
        builder.HasKey(result => result.Id);
        builder.Property(result => result.Id).ValueGeneratedNever();
        builder.HasIndex(result => new { result.Tenant, result.StartedAt, result.Id }).HasDatabaseName("ix_results_tenant");
        builder.HasIndex(result => new { result.StartedAt, result.Id }).HasDatabaseName("ix_results_started");
        builder.HasIndex(result => new { result.ExecutionId, result.StartedAt }).HasDatabaseName("ix_results_execution");
        builder.HasIndex(result => new { result.Agent, result.StartedAt, result.Id }).HasDatabaseName("ix_results_agent");
        builder.HasIndex(result => new { result.Manifest, result.Agent, result.FinishedAt }).HasDatabaseName("ix_results_manifest");
        builder.HasIndex(result => result.FinishedAt).HasDatabaseName("ix_results_finished");
    }
}
