using MassTransit;

namespace Fleet.Hosting;

/// <summary>How the buses of this process reach the broker.</summary>
/// <param name="Name">Of the consuming connection, as operators see it in the broker's UI.</param>
/// <param name="LogIn">Asked before every connection for what to log in with; null where the settings say it.</param>
internal sealed record BusHost(RabbitSettings Settings, string Name, RefreshConnectionFactoryCallback? LogIn)
{
    /// <summary>Name of the publishing connection.</summary>
    public string Publishing => Name + " publish";
}
