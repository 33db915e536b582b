using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Backups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    repository_id = table.Column<Guid>(type: "uuid", nullable: true),
                    repository = table.Column<string>(type: "text", nullable: true),
                    source_group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    source_group = table.Column<string>(type: "text", nullable: true),
                    agent = table.Column<string>(type: "text", nullable: true),
                    backup_id = table.Column<Guid>(type: "uuid", nullable: true),
                    raised_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    acknowledged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    acknowledged_by = table.Column<string>(type: "text", nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alerts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "backup_status",
                columns: table => new
                {
                    repository_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source_group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: true),
                    work_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    succeeded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_backup_status", x => new { x.repository_id, x.source_group_id, x.subject });
                });

            migrationBuilder.CreateTable(
                name: "backups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    issue_count = table.Column<int>(type: "integer", nullable: false),
                    repository_id = table.Column<Guid>(type: "uuid", nullable: false),
                    repository_name = table.Column<string>(type: "text", nullable: false),
                    snapshot_id = table.Column<string>(type: "text", nullable: true),
                    source_group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    source_group_name = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_backups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "repositories",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false),
                    secrets = table.Column<byte[]>(type: "bytea", nullable: false),
                    has_admin = table.Column<bool>(type: "boolean", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: true),
                    upload_kib_per_second = table.Column<int>(type: "integer", nullable: true),
                    download_kib_per_second = table.Column<int>(type: "integer", nullable: true),
                    nice = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    total_size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    raw_size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    unique_files = table.Column<long>(type: "bigint", nullable: true),
                    snapshot_count = table.Column<long>(type: "bigint", nullable: true),
                    last_check_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_check_status = table.Column<string>(type: "text", nullable: true),
                    lock_present = table.Column<bool>(type: "boolean", nullable: true),
                    last_prune_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_prune_freed_bytes = table.Column<long>(type: "bigint", nullable: true),
                    stats_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refreshed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repositories", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "repository_sizes",
                columns: table => new
                {
                    repository_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    total_size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    raw_size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    snapshot_count = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repository_sizes", x => new { x.repository_id, x.at });
                });

            migrationBuilder.CreateTable(
                name: "snapshot_answers",
                columns: table => new
                {
                    question = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_snapshot_answers", x => new { x.question, x.number });
                });

            migrationBuilder.CreateTable(
                name: "snapshot_questions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_taken = table.Column<bool>(type: "boolean", nullable: false),
                    is_done = table.Column<bool>(type: "boolean", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_snapshot_questions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "snapshots",
                columns: table => new
                {
                    repository_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<string>(type: "text", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    short_id = table.Column<string>(type: "text", nullable: false),
                    time = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    paths = table.Column<string[]>(type: "text[]", nullable: false),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    size_bytes = table.Column<long>(type: "bigint", nullable: true),
                    file_count = table.Column<long>(type: "bigint", nullable: true),
                    reported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_snapshots", x => new { x.repository_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "source_groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    repository_id = table.Column<Guid>(type: "uuid", nullable: false),
                    terms = table.Column<string>(type: "json", nullable: false),
                    newest_within_s = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_source_groups", x => x.id);
                });

            // pieces pass through within seconds, and nobody waits for one after a crash
            migrationBuilder.Sql("alter table snapshot_answers set unlogged");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_tenant",
                table: "alerts",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_alerts_key",
                table: "alerts",
                column: "key",
                unique: true,
                filter: "state <> 'resolved'");

            migrationBuilder.CreateIndex(
                name: "ix_backup_status_group",
                table: "backup_status",
                column: "source_group_id");

            migrationBuilder.CreateIndex(
                name: "ux_repositories_name",
                table: "repositories",
                columns: new[] { "tenant", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_snapshots_id",
                table: "snapshots",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_snapshots_time",
                table: "snapshots",
                columns: new[] { "tenant", "time", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_source_groups_agent",
                table: "source_groups",
                column: "agent");

            migrationBuilder.CreateIndex(
                name: "ix_source_groups_repository",
                table: "source_groups",
                column: "repository_id");

            migrationBuilder.CreateIndex(
                name: "ux_source_groups_name",
                table: "source_groups",
                columns: new[] { "tenant", "name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alerts");

            migrationBuilder.DropTable(
                name: "backup_status");

            migrationBuilder.DropTable(
                name: "backups");

            migrationBuilder.DropTable(
                name: "repositories");

            migrationBuilder.DropTable(
                name: "repository_sizes");

            migrationBuilder.DropTable(
                name: "snapshot_answers");

            migrationBuilder.DropTable(
                name: "snapshot_questions");

            migrationBuilder.DropTable(
                name: "snapshots");

            migrationBuilder.DropTable(
                name: "source_groups");
        }
    }
}
