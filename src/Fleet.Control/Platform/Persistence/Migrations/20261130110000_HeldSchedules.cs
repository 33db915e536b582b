using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Schedules that agents hold: a column that follows from the definition, and what agents confirmed.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261130110000_HeldSchedules")]
    public sealed class HeldSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table schedules add column held_by text generated always as (definition ->> 'held_by') stored;
                create index ix_schedules_held_by on schedules (held_by) where held_by is not null;
                create table held_schedule_acks (
                    agent text primary key,
                    version bigint not null,
                    applied_at timestamp with time zone,
                    at timestamp with time zone not null);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop table held_schedule_acks; alter table schedules drop column held_by;");
        }
    }
}
