using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Why an agent that reaches the edge does not reach the broker.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261204100000_BrokerTrouble")]
    public sealed class BrokerTrouble : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table agents add column broker_trouble text;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table agents drop column broker_trouble;");
        }
    }
}
