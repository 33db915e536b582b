using System.Collections.Concurrent;
using Fleet.Hosting;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>What left through the bus. A test can look at each message on its way, hold it, or refuse it.</summary>
internal sealed class TestPost
{
    private readonly ConcurrentQueue<Letter> _delivered = new();

    /// <summary>Runs while a message is on its way; what it throws is the broker's refusal.</summary>
    public Func<Letter, Task> OnTheWay { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Letter> Delivered => [.. _delivered];

    public IEnumerable<T> All<T>() => Delivered.Select(letter => letter.Message).OfType<T>();

    public async Task Carry(Letter letter)
    {
        await OnTheWay(letter);
        _delivered.Enqueue(letter);
    }

    internal sealed record Letter(Guid? Id, string To, object Message);
}

internal static class TestPostRegistration
{
    /// <summary>The bus that sends, in memory and with nobody behind it.</summary>
    public static void AddTestPost(this IServiceCollection services)
    {
        var post = new TestPost();
        services.AddSingleton(post);
        services.AddMassTransit<IPublishBus>(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory((_, memory) => memory.ConfigureSend(sends => sends.UseExecuteAsync(sent => post.Carry(
                new TestPost.Letter(sent.MessageId, sent.DestinationAddress!.AbsolutePath.TrimStart('/'), Message(sent))))));
        });
        services.AddSingleton<BusSender>();
    }

    private static object Message(SendContext sent) =>
        ((dynamic)sent).Message;
}
