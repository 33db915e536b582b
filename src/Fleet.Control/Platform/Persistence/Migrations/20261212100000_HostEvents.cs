using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>
    /// What happened on agents' hosts, and which of it schedules have acted on; and of which schedules that are documents it was told
    /// that they fail again and again.
    /// </summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261212100000_HostEvents")]
    public sealed class HostEvents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            create table host_events (
                agent text not null,
                key uuid not null,
                kind text not null,
                at timestamp with time zone not null,
                told_at timestamp with time zone not null default now(),
                primary key (agent, key));
            create index ix_host_events_at on host_events (at);
            create index ix_host_events_told_at on host_events (told_at);
            create table manifest_schedule_events (
                tenant text not null,
                schedule text not null,
                agent text not null,
                key uuid not null,
                acted_at timestamp with time zone not null default now(),
                primary key (tenant, schedule, agent, key));
            create index ix_manifest_schedule_events_acted_at on manifest_schedule_events (acted_at);
            create table schedules_failing (
                schedule_id uuid primary key,
                told_at timestamp with time zone not null);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            drop table schedules_failing;
            drop table manifest_schedule_events;
            drop table host_events;
            """);
    }
}
