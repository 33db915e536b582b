using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>
    /// Starts of agents that schedules have acted on, questions to agents that somebody waits for, and the pause of work before
    /// another attempt. What waits to have its key alone is found by an index.
    /// </summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261206110000_AgentStarts")]
    public sealed class AgentStarts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table manifest_schedule_starts (
                    tenant text not null,
                    schedule text not null,
                    agent text not null,
                    session uuid not null,
                    primary key (tenant, schedule, agent));
                create table agent_questions (
                    id uuid primary key,
                    agent text not null,
                    asked_at timestamp with time zone not null default now(),
                    answer bytea);
                alter table work add column retry_pause_seconds integer;
                create index ix_work_waiting_alone on work_waiting (concurrency_id)
                    where ready and concurrency_id is not null and coalesce(concurrency_limit, 0) = 0;
                """);
            migrationBuilder.Sql(Rows);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop index ix_work_waiting_alone;
                drop table manifest_schedule_starts;
                drop table agent_questions;
                drop view work_rows;
                alter table work drop column retry_pause_seconds;
                create view work_rows as select 1;
                """);
            migrationBuilder.Sql(Rows);
        }

        // the view has the columns that its tables had when it was made
        private const string Rows =
            """
            do $rows$ declare columns text; begin
                drop view work_rows;
                select string_agg(quote_ident(attname), ', ' order by attnum) into columns from pg_attribute
                where attrelid = 'work_state'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'kind');
                execute format('create view work_rows as select work.*, %s from work join work_state using (id)', columns);
            end $rows$;
            """;
    }
}
