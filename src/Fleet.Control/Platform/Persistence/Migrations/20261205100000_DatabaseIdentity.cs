using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Which database this is, so that it is noticed when it comes out of a backup. One row, written by Control.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261205100000_DatabaseIdentity")]
    public sealed class DatabaseIdentity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("create table database_identity (identity text not null);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop table database_identity;");
        }
    }
}
