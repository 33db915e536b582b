using Fleet.Worker.Platform.Journal;
using Fleet.Worker.Platform.Leases;
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
        services.AddSingleton<WorkDirectory>();
        services.AddSingleton<AttemptJournal>(provider => new AttemptJournal(
            provider.GetRequiredService<WorkerSettings>().JournalBytes));
        services.AddHostedService(provider => provider.GetRequiredService<WorkDirectory>());
    }

    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Lease(new BootClock(), provider.GetRequiredService<WorkerSettings>()));
        services.AddSingleton<AgentSession>();
        services.AddSingleton<WorkInHand>();
        services.AddSingleton<ControlClient>();
        services.AddSingleton<BrokerDoor>();
        services.AddSingleton<IOutExchange, OutExchange>();
        services.AddSingleton<Reporter>();
        services.AddHostedService(provider => provider.GetRequiredService<Reporter>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<UpstreamBook>();
        services.AddSingleton<Guard>();
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
