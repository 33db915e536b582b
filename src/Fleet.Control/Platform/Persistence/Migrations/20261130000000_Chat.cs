using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Chat : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "owner",
                table: "work",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "owner",
                table: "bulk_runs",
                type: "uuid",
                nullable: true);

            // the view has the columns that its tables had when it was made
            migrationBuilder.Sql(
                """
                do $rows$ declare columns text; begin
                    drop view work_rows;
                    select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
                    where attrelid = 'work_state'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'kind');
                    execute format('create view work_rows as select work.*, %s from work join work_state using (id)', columns);
                end $rows$;
                """);

            migrationBuilder.CreateTable(
                name: "conversations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true),
                    upstream = table.Column<string>(type: "text", nullable: true),
                    context = table.Column<string>(type: "json", nullable: true),
                    session = table.Column<string>(type: "text", nullable: true),
                    turns = table.Column<int>(type: "integer", nullable: false),
                    upstream_conversation = table.Column<string>(type: "text", nullable: true),
                    upstream_name = table.Column<string>(type: "text", nullable: true),
                    branch_of = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_conversations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exchanges",
                columns: table => new
                {
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    turn_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    tenant = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    question = table.Column<string>(type: "text", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    duration_ms = table.Column<double>(type: "double precision", nullable: true),
                    used_tools = table.Column<string[]>(type: "text[]", nullable: false),
                    classifier_tag = table.Column<string>(type: "text", nullable: true),
                    input_tokens = table.Column<long>(type: "bigint", nullable: true),
                    output_tokens = table.Column<long>(type: "bigint", nullable: true),
                    is_replaced = table.Column<bool>(type: "boolean", nullable: false),
                    is_copy = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_exchanges", x => new { x.conversation_id, x.turn_id });
                });

            migrationBuilder.CreateTable(
                name: "turns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    asked_in = table.Column<int>(type: "integer", nullable: true),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_piece_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    number = table.Column<int>(type: "integer", nullable: false),
                    rests = table.Column<string>(type: "text", nullable: true),
                    upstream_conversation = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_turns", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_work_owner",
                table: "work",
                columns: new[] { "owner", "id" },
                filter: "owner is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_deleted",
                table: "conversations",
                column: "deleted_at",
                filter: "deleted_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_owner",
                table: "conversations",
                columns: new[] { "owner", "changed_at", "id" },
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_session",
                table: "conversations",
                columns: new[] { "owner", "session" },
                filter: "session is not null");

            // how often a key ended all its sessions at once: their conversations are named after it
            migrationBuilder.Sql("create table paliad_resets (owner uuid primary key, resets integer not null)");

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_created",
                table: "exchanges",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_owner",
                table: "exchanges",
                columns: new[] { "owner", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_turn",
                table: "exchanges",
                column: "turn_id");

            migrationBuilder.CreateIndex(
                name: "ux_exchanges_place",
                table: "exchanges",
                columns: new[] { "conversation_id", "number" },
                unique: true,
                filter: "not is_replaced");

            // every piece of an answer changes the row of its turn: room for updates in place
            migrationBuilder.Sql(
                """
                alter table turns set (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
                alter table exchanges set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop view work_rows; drop table paliad_resets");

            migrationBuilder.DropTable(
                name: "conversations");

            migrationBuilder.DropTable(
                name: "exchanges");

            migrationBuilder.DropTable(
                name: "turns");

            migrationBuilder.DropIndex(
                name: "ix_work_owner",
                table: "work");

            migrationBuilder.DropColumn(
                name: "owner",
                table: "work");

            migrationBuilder.DropColumn(
                name: "owner",
                table: "bulk_runs");

            migrationBuilder.Sql(
                """
                do $rows$ declare columns text; begin
                    select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
                    where attrelid = 'work_state'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'kind');
                    execute format('create view work_rows as select work.*, %s from work join work_state using (id)', columns);
                end $rows$;
                """);
        }
    }
}
