using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Queue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_waiting",
                table: "jobs");

            migrationBuilder.AddColumn<Guid>(
                name: "concurrency_id",
                table: "jobs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "concurrency_key",
                table: "jobs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "concurrency_limit",
                table: "jobs",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "fairness_key",
                table: "jobs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "gate",
                table: "jobs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "not_before",
                table: "jobs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "offline",
                table: "jobs",
                type: "text",
                nullable: false,
                defaultValue: "wait");

            migrationBuilder.AddColumn<Guid>(
                name: "queue_id",
                table: "jobs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "queue_key",
                table: "jobs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "sequence_id",
                table: "jobs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sequence_key",
                table: "jobs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "share",
                table: "jobs",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<Guid>(
                name: "superseded_by",
                table: "jobs",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_gates",
                table: "jobs",
                columns: new[] { "lane", "share", "gate", "queue_rank", "id" },
                filter: "state = 'Queued' and ready and gate is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_limited",
                table: "jobs",
                columns: new[] { "lane", "share", "queue_rank", "id" },
                filter: "state = 'Queued' and ready and gate is not null and attempt >= 0");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_newest",
                table: "jobs",
                column: "queue_id",
                filter: "queue_id is not null and superseded_by is null and state in ('Queued', 'Assigned', 'Running')");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_sequences",
                table: "jobs",
                columns: new[] { "sequence_id", "created_at", "id" },
                filter: "state = 'Queued' and sequence_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_waiting",
                table: "jobs",
                columns: new[] { "lane", "share", "queue_rank", "id" },
                filter: "state = 'Queued' and ready and gate is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_gates",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_limited",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_newest",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_sequences",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_waiting",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "concurrency_id",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "concurrency_key",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "concurrency_limit",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "fairness_key",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "gate",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "not_before",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "offline",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "queue_id",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "queue_key",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "sequence_id",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "sequence_key",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "share",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "superseded_by",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_waiting",
                table: "jobs",
                columns: new[] { "lane", "queue_rank", "id" },
                filter: "state = 'Queued' and ready");
        }
    }
}
