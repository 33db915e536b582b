using Fleet.Hosting;

namespace Fleet.Control.Platform.Secrets;

/// <summary>Secrets that have to be given on, and so cannot be kept as hashes.</summary>
internal static class SecretsModule
{
    public static void AddSecrets(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SecretSettings>("Secrets");
        builder.Services.AddSingleton<SecretBox>();
    }
}
