using Fleet.Hosting;
using MassTransit;
using RabbitMQ.Client;

namespace Fleet.Worker.Platform.Sessions;

/// <summary>
/// Asked before every connection to the broker: this agent registers first, and logs in with what Control answers. So
/// Control has put in order what this agent needs there, even if the broker has lost all it knew.
/// </summary>
internal sealed class BrokerAuthenticator(AgentSession session, RabbitSettings settings)
{
    private const string NoLogin =
        "Control names no login for the broker, and Rabbit:User is not set: set Broker:ManagementUrl at Control, or Rabbit:User here.";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <exception cref="RabbitMqConnectionException">Control has not answered, or names no login and the settings neither; the
    /// bus tries again.</exception>
    public async Task LogIn(ConnectionFactory connection)
    {
        try
        {
            var welcome = await session.Renewed().WaitAsync(_patience);
            if (welcome.Broker is null && settings.User.Length == 0)
                throw new RabbitMqConnectionException(NoLogin);
            if (welcome.Broker is not { } login)
                return;
            connection.UserName = login.User;
            connection.Password = login.Password;
        }
        catch (TimeoutException away)
        {
            throw new RabbitMqConnectionException("Control has not said how to log in to the broker.", away);
        }
    }
}
