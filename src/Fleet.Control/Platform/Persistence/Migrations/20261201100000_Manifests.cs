using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Manifests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    username = table.Column<string>(type: "text", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    password = table.Column<string>(type: "text", nullable: false),
                    epoch = table.Column<int>(type: "integer", nullable: false),
                    disabled = table.Column<bool>(type: "boolean", nullable: false),
                    must_change_password = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    last_login_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    wrong_in_a_row = table.Column<int>(type: "integer", nullable: false),
                    locked_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_groups",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    agents = table.Column<string[]>(type: "text[]", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_groups", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateTable(
                name: "execution_hosts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    execution_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    wave = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    exit_code = table.Column<int>(type: "integer", nullable: true),
                    expiry_code = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_execution_hosts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "executions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    manifest = table.Column<string>(type: "text", nullable: false),
                    manifest_version = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by = table.Column<string>(type: "text", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    spec = table.Column<string>(type: "json", nullable: false),
                    terms = table.Column<string>(type: "json", nullable: false),
                    wave = table.Column<int>(type: "integer", nullable: false),
                    wave_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    hosts = table.Column<int>(type: "integer", nullable: false),
                    open = table.Column<int>(type: "integer", nullable: false),
                    waiting = table.Column<int>(type: "integer", nullable: false),
                    succeeded = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    skipped = table.Column<int>(type: "integer", nullable: false),
                    rerun_of = table.Column<Guid>(type: "uuid", nullable: true),
                    schedule = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_executions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "manifest_revisions",
                columns: table => new
                {
                    manifest_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_yaml = table.Column<bool>(type: "boolean", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_manifest_revisions", x => new { x.manifest_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "manifest_revocations",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_manifest_revocations", x => new { x.tenant, x.name, x.version });
                });

            migrationBuilder.CreateTable(
                name: "manifest_schedule_freezes",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "json", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_manifest_schedule_freezes", x => x.tenant);
                });

            migrationBuilder.CreateTable(
                name: "manifest_schedules",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_yaml = table.Column<bool>(type: "boolean", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    manifest = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    look_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    looks = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_manifest_schedules", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateTable(
                name: "manifests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_manifests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "results",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    execution_id = table.Column<Guid>(type: "uuid", nullable: true),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    agent = table.Column<string>(type: "text", nullable: false),
                    manifest = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    exit_code = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stdout = table.Column<string>(type: "text", nullable: false),
                    stderr = table.Column<string>(type: "text", nullable: false),
                    stdout_truncated = table.Column<bool>(type: "boolean", nullable: false),
                    stderr_truncated = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_results", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "script_objects",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    stored_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stored_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_script_objects", x => new { x.tenant, x.name, x.version });
                });

            migrationBuilder.CreateIndex(
                name: "ux_accounts_username",
                table: "accounts",
                column: "username",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_execution_hosts_open",
                table: "execution_hosts",
                column: "execution_id",
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_execution_hosts_waiting",
                table: "execution_hosts",
                columns: new[] { "execution_id", "wave" },
                filter: "state = 'waiting'");

            migrationBuilder.CreateIndex(
                name: "ux_execution_hosts_agent",
                table: "execution_hosts",
                columns: new[] { "execution_id", "agent" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_executions_aborted",
                table: "executions",
                column: "id",
                filter: "state = 'aborted' and open > 0");

            migrationBuilder.CreateIndex(
                name: "ix_executions_manifest",
                table: "executions",
                columns: new[] { "tenant", "manifest", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_executions_tenant",
                table: "executions",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_executions_wave",
                table: "executions",
                column: "wave_at",
                filter: "wave_at is not null and state = 'running'");

            migrationBuilder.CreateIndex(
                name: "ix_manifest_schedules_look",
                table: "manifest_schedules",
                column: "look_at",
                filter: "enabled and look_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_manifest_schedules_manifest",
                table: "manifest_schedules",
                columns: new[] { "tenant", "manifest" });

            migrationBuilder.CreateIndex(
                name: "ux_manifests_name",
                table: "manifests",
                columns: new[] { "tenant", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_results_execution",
                table: "results",
                columns: new[] { "execution_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_results_finished",
                table: "results",
                column: "finished_at");

            migrationBuilder.CreateIndex(
                name: "ix_results_manifest",
                table: "results",
                columns: new[] { "manifest", "agent", "finished_at" });

            migrationBuilder.CreateIndex(
                name: "ix_results_started",
                table: "results",
                columns: new[] { "started_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_results_tenant",
                table: "results",
                columns: new[] { "tenant", "started_at", "id" });

            // texts that a pattern needs are looked up by their trigrams
            migrationBuilder.Sql("create extension if not exists pg_trgm");
            migrationBuilder.Sql("create index ix_results_stdout on results using gin (stdout gin_trgm_ops)");
            migrationBuilder.Sql("create index ix_results_stderr on results using gin (stderr gin_trgm_ops)");

            // as searches of output read bytes that are no text: those that are none as Latin-1, a NUL as \000
            migrationBuilder.Sql(
                """
                create function fleet_output_text(written bytea) returns text language plpgsql immutable as $$
                begin
                    return convert_from(written, 'UTF8');
                exception when others then
                    if position('\x00'::bytea in written) > 0 then
                        written := decode(replace(replace(encode(written, 'escape'), '\\', '\134'), '\000', '\134000'), 'escape');
                    end if;
                    return (
                        select string_agg(
                            convert_from(convert_to(split_part(part, e'\uE001', 1), 'LATIN1'), 'UTF8')
                            || split_part(part, e'\uE001', 2),
                            '' order by place)
                        from unnest(string_to_array(e'\uE001' || regexp_replace(
                            convert_from(written, 'LATIN1'),
                            '(?:[\u00c2-\u00df][\u0080-\u00bf]'
                            '|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}'
                            '|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}'
                            '|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})+',
                            e'\uE000\\&\uE001', 'g'), e'\uE000')) with ordinality parts(part, place));
                end $$
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function fleet_output_text(bytea)");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "agent_groups");

            migrationBuilder.DropTable(
                name: "execution_hosts");

            migrationBuilder.DropTable(
                name: "executions");

            migrationBuilder.DropTable(
                name: "manifest_revisions");

            migrationBuilder.DropTable(
                name: "manifest_revocations");

            migrationBuilder.DropTable(
                name: "manifest_schedule_freezes");

            migrationBuilder.DropTable(
                name: "manifest_schedules");

            migrationBuilder.DropTable(
                name: "manifests");

            migrationBuilder.DropTable(
                name: "results");

            migrationBuilder.DropTable(
                name: "script_objects");
        }
    }
}
