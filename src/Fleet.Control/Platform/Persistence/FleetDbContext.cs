using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// One context for all tables. The mappings come from the slices' <c>*Tables.cs</c>; names are snake_case.
/// </summary>
internal sealed class FleetDbContext(DbContextOptions<FleetDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FleetDbContext).Assembly);
        WorkTables.Map(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null)
                    property.SetColumnName(ColumnShape.SnakeCase(property.Name));
            }
        }
    }
}
