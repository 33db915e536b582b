using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class RetentionAndAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "held",
                table: "jobs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    who = table.Column<string>(type: "text", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    agent = table.Column<string>(type: "text", nullable: true),
                    tenant = table.Column<string>(type: "text", nullable: true),
                    action = table.Column<string>(type: "text", nullable: false),
                    objects = table.Column<string[]>(type: "text[]", nullable: false),
                    method = table.Column<string>(type: "text", nullable: false),
                    route = table.Column<string>(type: "text", nullable: true),
                    path = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    trace_id = table.Column<string>(type: "text", nullable: true),
                    request_id = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: true),
                    count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "job_removals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_removals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "retention_progress",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retention_progress", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "retention_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    label_count = table.Column<int>(type: "integer", nullable: false),
                    keep_seconds = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retention_rules", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_finished",
                table: "jobs",
                columns: new[] { "finished_at", "id" },
                filter: "state in ('Succeeded', 'Failed', 'Cancelled', 'Expired')");

            migrationBuilder.CreateIndex(
                name: "ix_audit_action",
                table: "audit",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_agent",
                table: "audit",
                columns: new[] { "agent", "id" },
                filter: "agent is not null");

            migrationBuilder.CreateIndex(
                name: "ix_audit_key",
                table: "audit",
                columns: new[] { "key_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_refused",
                table: "audit",
                columns: new[] { "status", "id" },
                filter: "status >= 400");

            migrationBuilder.Sql(TableCare.ReuseSpaceSooner);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "job_removals");

            migrationBuilder.DropTable(
                name: "retention_progress");

            migrationBuilder.DropTable(
                name: "retention_rules");

            migrationBuilder.DropIndex(
                name: "ix_jobs_finished",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "held",
                table: "jobs");
        }
    }
}
