using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fleet.Control.Platform.Persistence.Migrations
{
    /// <summary>Which runs name a dataset is found without reading all runs.</summary>
    [DbContext(typeof(FleetDbContext))]
    [Migration("20261208101000_DatasetUses")]
    public sealed class DatasetUses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            "create index ix_work_datasets on work using gin ((spec::jsonb -> 'datasets')) where kind = 'experiment'");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("drop index ix_work_datasets");
    }
}
