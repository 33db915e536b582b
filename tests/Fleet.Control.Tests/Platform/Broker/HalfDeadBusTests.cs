using Fleet.Control.Tests.Platform.Support;
using Fleet.Hosting.Pulses;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Broker;

/// <summary>A bus that looks healthy and moves nothing is replaced while the process runs on.</summary>
public sealed class HalfDeadBusTests
{
    private readonly string _queue = $"test-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_publish_bus_whose_sends_wait_without_end_works_again_soon()
    {
        await using var bus = await TestBus.Start(_queue);
        await Eventually.True(() => Sends(bus), "the bus works");
        await bus.Wedge();
        (await Sends(bus)).ShouldBeFalse();
        await Eventually.True(() => Sends(bus), "the bus works again");
        bus.IsStopping.ShouldBeFalse(string.Join("\n", bus.Log.Lines));
    }

    [Fact]
    public async Task A_bus_that_hears_nothing_hears_again_soon()
    {
        await using var bus = await TestBus.Start(_queue);
        await Eventually.True(() => Sends(bus), "the queue is there");
        await Eventually.True(() => bus.Hears(_queue), "it hears");
        await bus.Deafen();
        (await bus.Hears(_queue)).ShouldBeFalse();
        await Eventually.True(() => bus.Hears(_queue), "the bus works again");
        bus.IsStopping.ShouldBeFalse(string.Join("\n", bus.Log.Lines));
    }

    [Fact]
    public async Task A_bus_that_hears_nothing_is_found_also_after_messages_that_nobody_could_read()
    {
        await using var bus = await TestBus.Start(_queue);
        await Eventually.True(() => Sends(bus), "the queue is there");
        await bus.Garble(_queue);
        await bus.Deafen();
        (await bus.Hears(_queue)).ShouldBeFalse();
        await Eventually.True(() => bus.Hears(_queue), "the bus works again");
    }

    private async Task<bool> Sends(TestBus bus)
    {
        try
        {
            await bus.Sender.Send(new Uri($"exchange:{_queue}"), new Pulse(Guid.Empty), Guid.NewGuid(), default);
            return true;
        }
        catch (Exception failure) when (failure is TimeoutException or MessageReturnedException)
        {
            return false;
        }
    }
}
