using Fleet.Hosting.Pulses;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Hosting;

/// <summary>How the two buses of this process are made, whether at its start or in the place of dead ones.</summary>
/// <param name="name">What operators see in the broker's UI.</param>
internal sealed class BusRecipe(string name, Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> endpoints)
{
    public void MakeConsuming(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.UseFleetHost(context.GetRequiredService<RabbitSettings>(), name);
        rabbit.ConnectReceiveObserver(context.GetRequiredService<PulseEar>());
        endpoints(context, rabbit);
    }

    public void MakePublishing(IServiceProvider services, IRabbitMqBusFactoryConfigurator rabbit) =>
        rabbit.UseFleetHost(services.GetRequiredService<RabbitSettings>(), name + " publish");
}
