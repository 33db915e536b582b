using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Fleet.Control.Platform.Persistence;

/// <summary>The model for the migration tool, which needs no server.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<FleetDbContext>
{
    public FleetDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<FleetDbContext>().UseNpgsql("Host=127.0.0.1").Options);
}
