using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_agent",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_labels",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_state",
                table: "jobs");

            migrationBuilder.CreateTable(
                name: "bulk_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    of_every_tenant = table.Column<bool>(type: "boolean", nullable: false),
                    filter = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    parameters = table.Column<string>(type: "json", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reached = table.Column<Guid>(type: "uuid", nullable: true),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    skipped = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: true),
                    total_is_exact = table.Column<bool>(type: "boolean", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trouble = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "views",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    filter = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    changed_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_views", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_agent",
                table: "jobs",
                columns: new[] { "agent", "id" },
                filter: "agent is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_labels",
                table: "jobs",
                column: "labels",
                filter: "labels <> '{}'")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_queued",
                table: "jobs",
                column: "id",
                filter: "state = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_settled",
                table: "jobs",
                columns: new[] { "state", "id" },
                filter: "state in ('Succeeded', 'Failed', 'Cancelled', 'Expired')");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_tenant",
                table: "jobs",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_bulk_runs_running",
                table: "bulk_runs",
                column: "id",
                filter: "state = 'Running'");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_runs_tenant",
                table: "bulk_runs",
                columns: new[] { "tenant", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bulk_runs");

            migrationBuilder.DropTable(
                name: "views");

            migrationBuilder.DropIndex(
                name: "ix_jobs_agent",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_labels",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_queued",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_settled",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_tenant",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_agent",
                table: "jobs",
                columns: new[] { "agent", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_labels",
                table: "jobs",
                column: "labels")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_state",
                table: "jobs",
                columns: new[] { "state", "id" });
        }
    }
}
