namespace Fleet.Console.Live;

/// <summary>What happens in the fleet, as pages hear of it.</summary>
internal static class LiveModule
{
    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<ChangeRelay>();
        services.AddSingleton<OverviewBoards>();
    }
}
