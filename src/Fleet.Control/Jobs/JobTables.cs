using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Jobs;

internal sealed class JobTables : IEntityTypeConfiguration<Job>
{
    /// <summary>What was asked for; large specifications are not sent again with every step.</summary>
    private static readonly string[] WrittenOnce =
    [
        nameof(Job.Tenant), nameof(Job.Kind), nameof(Job.Name), nameof(Job.Spec), nameof(Job.TargetAgent),
        nameof(Job.TargetLabels), nameof(Job.StateWebhookUrl), nameof(Job.RetryOf), nameof(Job.CreatedAt),
    ];

    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("jobs");
        builder.HasKey(job => job.CorrelationId);
        builder.Property(job => job.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(job => job.Version).IsConcurrencyToken();
        builder.Property(job => job.Spec).HasColumnType("json");
        builder.Property(job => job.Labels).HasColumnType("jsonb");
        builder.Property(job => job.TargetLabels).HasColumnType("jsonb");
        builder.Property(job => job.Result).HasColumnType("json");
        builder.Property(job => job.Holders).HasDefaultValueSql("'{}'");
        builder.Ignore(job => job.HasStarted);
        builder.Ignore(job => job.MayTryAgain);
        builder.Ignore(job => job.Keys);
        builder.Ignore(job => job.Rate);
        builder.Property(job => job.Offline).HasDefaultValue("wait");
        foreach (var written in WrittenOnce)
            builder.Property(written).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Throw);

        builder.HasIndex(job => new { job.Lane, job.Share, job.QueueRank, job.CorrelationId }, "ix_jobs_waiting")
            .HasFilter("state = 'Queued' and ready and gate is null");
        builder.HasIndex(job => new { job.Lane, job.Share, job.QueueRank, job.CorrelationId }, "ix_jobs_limited")
            .HasFilter("state = 'Queued' and ready and " + JobFronts.IsLimited);
        builder.HasIndex(job => new { job.Lane, job.Share, job.Gate, job.QueueRank, job.CorrelationId })
            .HasDatabaseName("ix_jobs_gates").HasFilter("state = 'Queued' and ready and gate is not null");
        builder.HasIndex(job => new { job.SequenceId, job.CreatedAt, job.CorrelationId })
            .HasDatabaseName("ix_jobs_sequences").HasFilter("state = 'Queued' and sequence_id is not null");
        builder.HasIndex(job => job.QueueId)
            .HasDatabaseName("ix_jobs_newest").HasFilter(JobSuccession.MayBeSuperseded);
        builder.HasIndex(job => job.RetryToken)
            .HasDatabaseName("ix_jobs_pausing").HasFilter("state = 'Queued' and not ready");
        builder.HasIndex(job => job.ExpiresAt)
            .HasDatabaseName("ix_jobs_expiring").HasFilter("state = 'Queued' and expires_at is not null");
        builder.HasIndex(job => new { job.Agent, job.Kind })
            .HasDatabaseName("ix_jobs_in_hand").HasFilter("state in ('Assigned', 'Running', 'Cancelling')");
        builder.HasIndex(job => new { job.FinishedAt, job.CorrelationId })
            .HasDatabaseName("ix_jobs_finished").HasFilter(JobRemoval.IsFinished);
        builder.HasIndex(job => new { job.Tenant, job.CorrelationId }).HasDatabaseName("ix_jobs_tenant");
        builder.HasIndex(job => new { job.State, job.CorrelationId })
            .HasDatabaseName("ix_jobs_settled").HasFilter(JobRemoval.IsFinished);
        builder.HasIndex(job => job.CorrelationId, "ix_jobs_queued").HasFilter("state = 'Queued'");
        builder.HasIndex(job => new { job.Agent, job.CorrelationId })
            .HasDatabaseName("ix_jobs_agent").HasFilter("agent is not null");
        builder.HasIndex(job => new { job.Name, job.CorrelationId })
            .HasDatabaseName("ix_jobs_name").HasFilter("name is not null");
        builder.HasIndex(job => job.Labels)
            .HasDatabaseName("ix_jobs_labels").HasFilter("labels <> '{}'").HasMethod("gin").HasOperators("jsonb_path_ops");
    }
}
