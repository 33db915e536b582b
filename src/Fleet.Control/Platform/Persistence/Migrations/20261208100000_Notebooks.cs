using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Notebooks; their servers are jobs.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261208100000_Notebooks")]
    public sealed class Notebooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table notebooks (
                    id uuid primary key,
                    tenant text not null,
                    owner uuid not null,
                    owner_name text not null,
                    name text not null,
                    workspace text not null,
                    agent text not null,
                    work uuid not null,
                    token bytea not null,
                    created_at timestamp with time zone not null,
                    removed_at timestamp with time zone);
                create unique index ux_notebooks_name on notebooks (owner, name) where removed_at is null;
                create index ix_notebooks_owner on notebooks (owner, name);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("notebooks");
    }
}
