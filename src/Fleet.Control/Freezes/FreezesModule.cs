namespace Fleet.Control.Freezes;

/// <summary>Stops everything of a kind from starting, for those who look after the fleet.</summary>
internal static class FreezesModule
{
    public static void AddFreezes(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<FreezeRules>();
}
