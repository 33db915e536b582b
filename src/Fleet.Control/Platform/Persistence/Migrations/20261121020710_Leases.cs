using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Leases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "crashes",
                table: "jobs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "exchange",
                table: "dead_letters",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.Sql("update dead_letters set exchange = endpoint");

            migrationBuilder.AddColumn<bool>(
                name: "is_part",
                table: "dead_letters",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "replayed_at",
                table: "dead_letters",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "beat_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "closing",
                table: "agents",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "session_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_expiring",
                table: "jobs",
                column: "expires_at",
                filter: "state = 'Queued' and expires_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_pausing",
                table: "jobs",
                column: "retry_token",
                filter: "state = 'Queued' and not ready");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_expiring",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_pausing",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "crashes",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "exchange",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "is_part",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "replayed_at",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "beat_at",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "closing",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "session_at",
                table: "agents");
        }
    }
}
