using Fleet.Hosting.Settings;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Hosting;

/// <summary>
/// A login that the broker refuses ends the process before anything starts. A broker that is away is waited for, as ever.
/// </summary>
internal sealed class BrokerLoginCheck(BusHost bus) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (bus.LogIn is not null)
            return; // whoever says how to log in sees to it himself
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var connection = await bus.Settings.Open($"{bus.Name} login", patience.Token);
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            throw new WrongSettingException(
                $"The broker at {bus.Settings.Host}:{bus.Settings.Port} refuses the user '{bus.Settings.User}' (Rabbit:User, "
                + $"Rabbit:Password) or the virtual host '{bus.Settings.VirtualHost}' (Rabbit:VirtualHost). Give a user that "
                + "rabbitmqctl list_users names, and its password.",
                failure);
        }
        catch (Exception away) when (away is BrokerUnreachableException or OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsRefusal(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is AuthenticationFailureException or PossibleAuthenticationFailureException
                or OperationInterruptedException { ShutdownReason.ReplyCode: 530 or 403 }) // no such virtual host, or no right to it
                return true;
        }

        return false;
    }
}
