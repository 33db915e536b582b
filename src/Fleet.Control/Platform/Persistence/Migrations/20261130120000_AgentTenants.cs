using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class AgentTenants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_freezes",
                table: "freezes");

            migrationBuilder.AddColumn<string>(
                name: "tenant",
                table: "freezes",
                type: "text",
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddPrimaryKey(
                name: "PK_freezes",
                table: "freezes",
                columns: new[] { "tenant", "name" });

            migrationBuilder.AddColumn<string[]>(
                name: "tenants",
                table: "agents",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "tenant",
                table: "agent_enrolments",
                type: "text",
                nullable: false,
                defaultValue: "default");

            migrationBuilder.AddColumn<string[]>(
                name: "tenants",
                table: "agent_enrolments",
                type: "text[]",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "tenants",
                table: "agent_enrolments");

            migrationBuilder.DropColumn(
                name: "tenant",
                table: "agent_enrolments");

            migrationBuilder.DropColumn(
                name: "tenants",
                table: "agents");

            migrationBuilder.Sql("delete from freezes where tenant <> 'default'");

            migrationBuilder.DropPrimaryKey(
                name: "PK_freezes",
                table: "freezes");

            migrationBuilder.DropColumn(
                name: "tenant",
                table: "freezes");

            migrationBuilder.AddPrimaryKey(
                name: "PK_freezes",
                table: "freezes",
                column: "name");
        }
    }
}
