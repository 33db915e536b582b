using Fleet.Chaos.Load;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>What faults are made with.</summary>
internal sealed record FaultKit(ChaosFleet Fleet, Clients Clients)
{
    public IFault Make(PlannedFault planned) => planned.Name switch
    {
        "kill-control" or "kill-edge" or "kill-worker" or "kill-rabbitmq" or "kill-postgres" => Kill(planned.Target!),
        "kill-all" => new KillFault(Fleet, Fleet.Processes.Names.All),
        "restart-postgres" => new RestartPostgresFault(Fleet),
        "freeze-control" or "freeze-worker" or "freeze-rabbitmq" => new FreezeFault(Fleet, planned.Target!),
        "wipe-broker" => new WipeBrokerFault(Fleet),
        "broker-alarm" => new BrokerAlarmFault(Fleet),
        "full-disk" => new FullDiskFault(Fleet),
        "net-duplicate" => new WeatherFault(Fleet.Links, null, weather => weather.Duplicates = true),
        "net-shuffle" => new WeatherFault(Fleet.Links, null, weather => weather.Duplicates = weather.Shuffles = true),
        "net-stall" => new WeatherFault(
            Fleet.Links, planned.Target, weather => weather.StallsUp = weather.StallsDown = true),
        "net-deaf" => new WeatherFault(Fleet.Links, planned.Target, weather => weather.StallsDown = true),
        "net-mute" => new WeatherFault(Fleet.Links, planned.Target, weather => weather.StallsUp = true),
        "net-reset" => new ResetFault(Fleet.Links),
        "net-half-open" => new HalfOpenFault(Fleet.Links, planned.Target!),
        "partition" => new PartitionFault(Fleet),
        "poison-job" => new PoisonFault(Fleet.Api, Clients, planned.Number),
        "malformed" => new MalformedFault(Fleet, planned.Number),
        _ => throw new ArgumentException($"There is no fault {planned.Name}."),
    };

    public IFault Kill(string process) => new KillFault(Fleet, [process]);
}
