using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Platform.Upstreams;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;

namespace Fleet.Worker.Platform;

/// <summary>What every capability of an agent stands on.</summary>
internal static class PlatformModule
{
    private static readonly TimeSpan _timeToCloseTheRest = TimeSpan.FromSeconds(30);

    /// <summary>The host waits as long as the attempts may take to end, and the bus to close.</summary>
    public static void AddPatientStop(this IServiceCollection services, WorkerSettings worker) =>
        services.AddOptions<HostOptions>().Configure(host => host.ShutdownTimeout =
            _timeToCloseTheRest + TimeSpan.FromSeconds(worker.StopGraceSeconds + worker.StopPatienceSeconds));

    /// <summary>Comes before the bus: nothing may arrive while leftovers of an earlier run still live.</summary>
    public static void AddWorkDirectory(this IServiceCollection services)
    {
        services.AddSingleton<JobUsers>();
        services.AddSingleton<AttemptCgroups>();
        services.AddSingleton<WorkDirectory>();
        services.AddSingleton<AttemptLog>(provider => new AttemptLog(
            provider.GetRequiredService<WorkerSettings>().AttemptLogBytes));
        services.AddHostedService<Adoption>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkDirectory>());
    }

    /// <summary>Who this agent is, what it has in hand and for how long, how it reports, and whom it may ask.</summary>
    public static void AddPlatform(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Lease(new BootClock(), provider.GetRequiredService<WorkerSettings>()));
        services.AddSingleton<AgentSession>();
        services.AddSingleton<WorkInHand>();
        services.AddSingleton<ControlClient>();
        services.AddSingleton<BrokerReach>();
        services.AddSingleton<BrokerAuthenticator>();
        services.AddSingleton<IOutExchange, OutExchange>();
        services.AddSingleton<Reporter>();
        services.AddHostedService(provider => provider.GetRequiredService<Reporter>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<UpstreamRegistry>();
        services.AddSingleton<LeaseGuard>();
        services.AddSingleton<LeaseKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddHostedService<IdleTrim>();
    }

    /// <summary>
    /// Under systemd it is told when all have started, when they stop, and in between that they live; the log's lines
    /// carry their level instead of the time, as its journal wants them. Elsewhere nothing changes.
    /// </summary>
    public static void AddSystemdService(this IServiceCollection services)
    {
        services.AddSystemd();
        if (SystemdHelpers.IsSystemdService())
            services.AddHostedService<SystemdWatchdog>();
    }
}
