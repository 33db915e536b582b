using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Removal;
using Fleet.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Artifacts;

/// <summary>
/// Files that jobs leave. Needs an <see cref="IArtifactOwner"/> from the slice that the jobs belong to.
/// </summary>
internal static class ArtifactsModule
{
    public static void AddArtifacts(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ArtifactSettings>("Artifacts");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ArtifactShelf>();
        builder.Services.AddSingleton<InlineArtifacts>();
        builder.Services.AddSingleton<ArtifactStore>();
        builder.Services.AddSingleton<ArtifactReceiver>();
        builder.Services.AddSingleton<IBelongings, ArtifactBelongings>();
        builder.Services.AddHostedService<ArtifactJanitor>();
    }

    public static void MapArtifacts(this IEndpointRouteBuilder routes) => routes.MapJobArtifacts();
}
