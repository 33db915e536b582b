using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Work;
using Fleet.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Artifacts;

/// <summary>
/// Files that work leaves. Needs an <see cref="IArtifactOwner"/>, which knows the work.
/// </summary>
internal static class ArtifactsModule
{
    public static void AddArtifacts(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ArtifactSettings>("Artifacts");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ArtifactQueries>();
        builder.Services.AddSingleton<InlineArtifacts>();
        builder.Services.AddSingleton<ArtifactStore>();
        builder.Services.AddSingleton<ArtifactReceiver>();
        builder.Services.AddSingleton<IOwnedData, OwnedArtifacts>();
        builder.Services.AddHostedService<ArtifactJanitor>();
    }

    /// <summary>For the work of every family there is.</summary>
    public static void MapWorkArtifacts(this WebApplication app)
    {
        app.MapArtifacts();
        foreach (var family in app.Services.GetServices<IWorkFamily>())
            app.MapArtifacts(family.Name, family.Path, family.Scopes.Read);
    }
}
