namespace Fleet.Control.Hosts;

/// <summary>The wire of restic-manager's clients beside the socket of its agents: hosts are agents, and jobs are backups.</summary>
internal static class HostsModule
{
    public static void AddHosts(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<HostStream>();

    public static void MapHosts(this IEndpointRouteBuilder routes) => routes.MapHostApi();
}
