using Fleet.Control.Artifacts;
using Fleet.Control.Backups;
using Fleet.Control.Freezes;
using Fleet.Control.Manifests;
using Fleet.Control.Models;
using Fleet.Control.Platform.Access;
using Fleet.Control.Tests.Chat.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Library;

/// <summary>A Control with every route that the library for clients knows.</summary>
public sealed class LibraryFleet : ChatFleet
{
    protected override void AddMore(IHostApplicationBuilder builder)
    {
        base.AddMore(builder);
        builder.AddModels();
        builder.AddBackups();
        builder.AddFreezes();
        builder.AddManifests();
    }

    protected override void MapMore(WebApplication app)
    {
        base.MapMore(app);
        app.MapModels();
        app.MapBackups();
        app.MapArtifacts("job", "/v1/jobs", Scope.JobsRead);
        app.MapFreezes();
        app.MapManifests();
    }
}
