using Fleet.Control.Chat.Paliad.Pages;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Hosting;

namespace Fleet.Control.Chat.Paliad;

/// <summary>Paliad's wire, which is there for its owner alone.</summary>
internal static class PaliadModule
{
    private static readonly string[] Roots = ["/api/paliadin", "/api/admin/paliadin", "/paliadin", "/admin/paliadin"];

    public static void AddPaliad(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<PaliadSettings>("Paliad");
        builder.Services.AddSingleton<PaliadOwner>();
        builder.Services.AddSingleton<PaliadSessions>();
        builder.Services.AddSingleton<PaliadQueries>();
        builder.Services.AddSingleton<PaliadStream>();
    }

    public static void MapPaliad(this WebApplication app)
    {
        var owner = app.Services.GetRequiredService<PaliadOwner>();
        var hidden = app.MapGroup("")
            .WithMetadata(new HiddenRoute(owner.Is, PaliadText.NoPage, PaliadOwner.Cookie), ProblemShape.Plain)
            .ExcludeFromDescription(); // the description is open to anyone
        hidden.MapPaliadApi();
        hidden.MapPaliadPages();
        app.MapSignIn();
        foreach (var root in Roots)
            hidden.Map(root + "/{**anything}", () => PaliadText.NoPage);
    }
}
