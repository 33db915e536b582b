using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Backups;

/// <summary>How the latest operation of a sort ended, of one source group or of one repository.</summary>
internal sealed class BackupStatus
{
    /// <summary>A restore that only shows whether it could be done.</summary>
    public const string Drill = "drill";

    public Guid RepositoryId { get; set; }

    /// <summary>Empty where it is about the repository.</summary>
    public Guid SourceGroupId { get; set; }

    /// <summary>A kind of backup, or <see cref="Drill"/>.</summary>
    public string Subject { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string? Agent { get; set; }

    public Guid WorkId { get; set; }

    /// <summary>The lifecycle's name of the state in which it ended.</summary>
    public string State { get; set; } = "";

    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>When one succeeded last; null while none has.</summary>
    public DateTimeOffset? SucceededAt { get; set; }
}

/// <summary>Table <c>backup_status</c>.</summary>
internal sealed class BackupStatusTables : IEntityTypeConfiguration<BackupStatus>
{
    public void Configure(EntityTypeBuilder<BackupStatus> builder)
    {
        builder.ToTable("backup_status");
        builder.HasKey(status => new { status.RepositoryId, status.SourceGroupId, status.Subject });
        builder.HasIndex(status => status.SourceGroupId).HasDatabaseName("ix_backup_status_group");
    }
}

/// <summary>Keeps the status, within the transaction of the end.</summary>
internal static class BackupStatusSql
{
    /// <summary>Of two that end in another order than they began, the later end counts.</summary>
    private const string Upsert =
        """
        insert into backup_status as known (repository_id, source_group_id, subject, tenant, agent, work_id, state, error_code,
            error_message, ended_at, succeeded_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
        where exists (select from repositories where id = $1)
        on conflict (repository_id, source_group_id, subject) do update set
            agent = excluded.agent, work_id = excluded.work_id, state = excluded.state, error_code = excluded.error_code,
            error_message = excluded.error_message, ended_at = excluded.ended_at,
            succeeded_at = coalesce(excluded.succeeded_at, known.succeeded_at)
        where known.ended_at <= excluded.ended_at
        """;

    public static async Task Record(UnitOfWork unit, Backup work, string state, string subject)
    {
        if (state == WorkStates.Cancelled)
            return; // what somebody ended says nothing
        var group = subject is BackupKinds.Backup or BackupStatus.Drill ? work.SourceGroupId ?? Guid.Empty : Guid.Empty;
        await using var command = ((NpgsqlConnection)unit.Db.Database.GetDbConnection()).CreateCommand(
            Upsert,
            SqlValue.Of(work.RepositoryId), SqlValue.Of(group), SqlValue.Of(subject), SqlValue.Of(work.Tenant), Text(work.Agent),
            SqlValue.Of(work.CorrelationId), SqlValue.Of(state), Text(work.ErrorCode), Text(work.ErrorMessage), SqlValue.Of(unit.Now),
            SqlValue.Of(
                NpgsqlDbType.TimestampTz, state == WorkStates.Succeeded ? unit.Now.UtcDateTime : null));
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter Text(string? text) => SqlValue.Of(NpgsqlDbType.Text, text);
}
