using MassTransit;

namespace Fleet.Control.Platform.Work;

/// <summary>The queue over which a lifecycle is spoken to, and what reads it.</summary>
/// <param name="Queue">Its name: <c>fleet-jobs</c>.</param>
/// <param name="Register">Makes the lifecycle known to the bus.</param>
/// <param name="Configure">Puts it behind the queue.</param>
internal sealed record LifecycleEndpoint(
    string Queue,
    Action<IRegistrationConfigurator> Register,
    Action<IReceiveEndpointConfigurator, IBusRegistrationContext> Configure);
