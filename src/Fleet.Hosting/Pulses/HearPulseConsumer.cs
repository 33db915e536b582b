using MassTransit;

namespace Fleet.Hosting.Pulses;

/// <summary>That a pulse arrives is all there is to it: <see cref="PulseObserver"/> has seen it come.</summary>
public sealed class HearPulseConsumer : IConsumer<Pulse>
{
    public Task Consume(ConsumeContext<Pulse> context) => Task.CompletedTask;
}
