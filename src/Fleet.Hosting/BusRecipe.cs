using Fleet.Hosting.Pulses;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Hosting;

/// <summary>How the two buses of this process are made, whether at its start or in the place of dead ones.</summary>
internal sealed class BusRecipe(Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> endpoints)
{
    public void MakeConsuming(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit)
    {
        var host = context.GetRequiredService<BusHost>();
        rabbit.UseFleetHost(host, host.Name);
        rabbit.ConnectReceiveObserver(context.GetRequiredService<PulseObserver>());
        endpoints(context, rabbit);
    }

    public static void MakePublishing(IServiceProvider services, IRabbitMqBusFactoryConfigurator rabbit)
    {
        var host = services.GetRequiredService<BusHost>();
        rabbit.UseFleetHost(host, host.Publishing);
    }
}
