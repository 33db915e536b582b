using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>
    /// Schedules start executions: what of them is open is found by an index, and an execution that is aborted remembers whether
    /// what runs of it is to be ended.
    /// </summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261206100000_StartedGroups")]
    public sealed class StartedGroups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table executions add column ends_running boolean not null default false;
                create index ix_schedule_occurrences_open_groups on schedule_occurrences (started_kind)
                    where is_open and work_kind is null;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop index ix_schedule_occurrences_open_groups;
                alter table executions drop column ends_running;
                """);
        }
    }
}
