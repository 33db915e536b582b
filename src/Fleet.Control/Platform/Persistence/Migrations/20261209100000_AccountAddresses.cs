using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Where accounts were opened from, or tried.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261209100000_AccountAddresses")]
    public sealed class AccountAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table account_addresses (
                    account uuid not null references accounts (id) on delete cascade,
                    address text not null,
                    wrong_in_a_row integer not null,
                    locked_until timestamp with time zone,
                    logged_in_at timestamp with time zone,
                    at timestamp with time zone not null,
                    primary key (account, address));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop table account_addresses;");
        }
    }
}
