using Fleet.Control.Tests.Platform.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Fleet.Control.Tests.Platform.Broker;

/// <summary>A process that starts is ready once its queues are there, or once it is plain that the broker is away.</summary>
public sealed class BusReadinessTests
{
    private const ushort Nobody = 1;

    private readonly string _queue = $"test-{Guid.NewGuid():N}";

    [Fact]
    public async Task Ready_when_the_queues_are_read()
    {
        await using var bus = await TestBus.Start(_queue, rabbit => (rabbit.StartSeconds, rabbit.SendTimeoutSeconds) = (600, 20));
        await Eventually.True(async () => await bus.Queues() == HealthStatus.Healthy, "the process is ready");
        await bus.Sender.Send(new Uri($"exchange:{_queue}"), new Fleet.Hosting.Pulses.Pulse(Guid.Empty), Guid.NewGuid(), default);
    }

    [Fact]
    public async Task A_broker_that_is_away_holds_up_the_start_for_a_while_only()
    {
        await using var bus = await TestBus.Start(_queue, rabbit => (rabbit.Port, rabbit.StartSeconds) = (Nobody, 10));
        (await bus.Queues()).ShouldBe(HealthStatus.Unhealthy);
        await Eventually.True(async () => await bus.Queues() == HealthStatus.Healthy, "the process is ready");
    }
}
