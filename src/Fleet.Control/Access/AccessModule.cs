using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Secrets;
using Fleet.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Access;

/// <summary>API keys and accounts: who may ask, and the routes that make and end both.</summary>
internal static class AccessModule
{
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AccessSettings>("Access");
        builder.AddSettings<OpenAccessSettings>("OpenAccess");
        builder.AddSecrets(); // logins are signed with a key of their own
        builder.Services.AddSingleton<AccountGuesses>();
        builder.Services.AddSingleton<AccountLogins>();
        builder.Services.AddSingleton<AccountStore>();
        builder.Services.AddSingleton<OpenDoor>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<AdminKeyFile>();
        builder.Services.AddSingleton<ApiKeyUses>();
        builder.Services.AddSingleton<ApiKeyLookups>();
        builder.Services.AddSingleton<ApiKeyCache>();
        builder.Services.AddSingleton<ApiKeyStore>();
        builder.Services.AddHostedService<FirstAdminKey>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ApiKeyLookups>());
        builder.Services.AddHostedService<ApiKeyUseWriter>();
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapApiKeys();
        routes.MapAccounts();
        routes.MapLogins();
    }
}
