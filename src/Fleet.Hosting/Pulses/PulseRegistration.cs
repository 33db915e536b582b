using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Hosting.Pulses;

/// <summary>Makes a receive endpoint one whose life is proven.</summary>
public static class PulseRegistration
{
    /// <summary>The endpoint takes pulses of its own process.</summary>
    /// <param name="queue">Its queue, which is also the name of its exchange.</param>
    public static void UsePulse(
        this IReceiveEndpointConfigurator endpoint, IRegistrationContext context, string queue)
    {
        context.GetRequiredService<PulseObserver>().ListenTo(queue);
        endpoint.ConfigureConsumer<HearPulseConsumer>(context);
    }
}
