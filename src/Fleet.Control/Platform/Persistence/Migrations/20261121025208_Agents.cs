using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Agents : Migration
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

            migrationBuilder.AddColumn<string[]>(
                name: "holders",
                table: "jobs",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

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

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "seen_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "registered_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone");

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

            migrationBuilder.AddColumn<bool>(
                name: "draining",
                table: "agents",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "enrolled_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.AddColumn<string>(
                name: "given_labels",
                table: "agents",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "revoked_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "session_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "agent_enrolments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    used_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_enrolments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_hellos",
                columns: table => new
                {
                    agent = table.Column<string>(type: "text", nullable: false),
                    session = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    agent_version = table.Column<string>(type: "text", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    os = table.Column<string>(type: "text", nullable: false),
                    arch = table.Column<string>(type: "text", nullable: false),
                    slots = table.Column<string>(type: "jsonb", nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_hellos", x => new { x.agent, x.session });
                });

            migrationBuilder.CreateTable(
                name: "agent_tokens",
                columns: table => new
                {
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_tokens", x => x.sha256);
                });

            migrationBuilder.CreateTable(
                name: "pending_agents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    os = table.Column<string>(type: "text", nullable: false),
                    arch = table.Column<string>(type: "text", nullable: false),
                    agent_version = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_agents", x => x.id);
                });

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

            migrationBuilder.CreateIndex(
                name: "IX_agent_enrolments_sha256",
                table: "agent_enrolments",
                column: "sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_agent_tokens_agent",
                table: "agent_tokens",
                column: "agent");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "agent_enrolments");

            migrationBuilder.DropTable(
                name: "agent_hellos");

            migrationBuilder.DropTable(
                name: "agent_tokens");

            migrationBuilder.DropTable(
                name: "pending_agents");

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
                name: "holders",
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
                name: "draining",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "enrolled_at",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "given_labels",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "revoked_at",
                table: "agents");

            migrationBuilder.DropColumn(
                name: "session_at",
                table: "agents");

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "seen_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)),
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldNullable: true);

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "registered_at",
                table: "agents",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)),
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldNullable: true);
        }
    }
}
