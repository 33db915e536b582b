using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Who had a schedule's execution start, beside the key whose schedule it is: neither of them approves it.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261207100000_ExecutionRequesters")]
    public sealed class ExecutionRequesters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table executions add column asked_by uuid;
                alter table schedule_backfills add column asked_by uuid;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table schedule_backfills drop column asked_by;
                alter table executions drop column asked_by;
                """);
        }
    }
}
