using System.Text.RegularExpressions;
using Fleet.Conventions.Tests.Support;

namespace Fleet.Conventions.Tests;

/// <summary>What code may not do with the broker, because it hangs, loses messages or phones home.</summary>
public sealed partial class BusTests
{
    /// <summary>Where messages leave: with a time-out, mandatory, and few at once.</summary>
    private static readonly string[] MaySend =
    [
        "src/Fleet.Hosting/BusSender.cs",
        "src/Fleet.Control/Platform/Persistence/UnitSagaContext.cs", // what a saga sends becomes an outbox row
    ];

    [Fact]
    public void Nobody_addresses_a_queue() =>
        Repository.Files("src").SelectMany(file => file.Hits(QueueAddress(), file.Code)).ShouldBeEmpty();

    [Fact]
    public void Nobody_lets_the_broker_delay() =>
        Repository.Files("src").SelectMany(file => file.Hits(BrokerDelay(), file.Code)).ShouldBeEmpty();

    [Fact]
    public void Messages_leave_only_where_sends_time_out()
    {
        var files = Repository.Files("src");
        files.Where(file => !MaySend.Contains(file.Path))
            .SelectMany(file => file.Hits(Send(), file.Code))
            .ShouldBeEmpty();
        files.Single(file => file.Path == MaySend[0]).Code.ShouldContain("CancelAfter(");
    }

    [Fact]
    public void No_bus_phones_home()
    {
        var buses =
            from file in Repository.Files("src").Concat(Repository.Files("tests"))
            from piece in AddBus().Split(file.Code).Skip(1)
            select (file.Path, Quiet: piece.Contains("DisableUsageTelemetry()", StringComparison.Ordinal));
        buses = [.. buses];
        buses.ShouldNotBeEmpty();
        buses.Where(bus => !bus.Quiet).ShouldBeEmpty();
    }

    [GeneratedRegex("""\$?"queue:""")]
    private static partial Regex QueueAddress();

    [GeneratedRegex(@"\.Delay\s*=(?!=)|UseDelayedMessageScheduler|UseDelayedRedelivery|AddDelayedMessageScheduler")]
    private static partial Regex BrokerDelay();

    [GeneratedRegex(@"\.Publish(<[^>()]*>)?\(\s*[^)\s]|\bGetSendEndpoint\(|\bGetPublishSendEndpoint\b")]
    private static partial Regex Send();

    [GeneratedRegex(@"\.AddMassTransit(?:<[^>()]*>)?\((?!\?)")]
    private static partial Regex AddBus();
}
