using System.Collections.Concurrent;
using Fleet.Hosting;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>What left through the bus. A test can look at each message on its way, hold it, or refuse it.</summary>
internal sealed class SentMessages : ISendObserver
{
    private readonly ConcurrentQueue<Letter> _delivered = new();

    /// <summary>Runs while a message is on its way; what it throws is the broker's refusal.</summary>
    public Func<Letter, Task> OnTheWay { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Letter> Delivered => [.. _delivered];

    public IEnumerable<T> All<T>() => Delivered.Select(letter => letter.Message).OfType<T>();

    public async Task PreSend<T>(SendContext<T> context) where T : class
    {
        var letter = new Letter(
            context.MessageId, context.DestinationAddress!.AbsolutePath.TrimStart('/'), context.Message);
        await OnTheWay(letter);
        _delivered.Enqueue(letter);
    }

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Task.CompletedTask;

    internal sealed record Letter(Guid? Id, string To, object Message);
}

internal static class TestPostRegistration
{
    /// <summary>The bus that sends, in memory and with nobody behind it.</summary>
    public static void AddTestPost(this IServiceCollection services)
    {
        services.AddSingleton<SentMessages>();
        services.AddMassTransit<IPublishBus>(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
        });
        services.AddSingleton<BusSender>();
    }

    public static void ConnectTestPost(this IServiceProvider services) =>
        services.GetRequiredService<IPublishBus>().ConnectSendObserver(services.GetRequiredService<SentMessages>());
}
