using System.Net.Sockets;
using System.Security.Authentication;
using Fleet.Hosting;
using Fleet.Worker.Platform.Sessions;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Worker.Tests.Platform;

public sealed class BrokerReachTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _log = new();

    private BrokerReach Reach => field ??= new(new RabbitSettings { Host = "broker.example", Port = 5671 }, _clock, _log);

    public static TheoryData<Exception, string> Failures => new()
    {
        { new SocketException((int)SocketError.HostNotFound), "Name or service not known." },
        {
            new BrokerUnreachableException(new AggregateException(new AuthenticationException("It was rejected."))),
            "what answers there shows no certificate that is believed here (It was rejected). Look at Rabbit:Host, Rabbit:TlsCaFile "
            + "and the clock of this host."
        },
        {
            new BrokerUnreachableException(new PossibleAuthenticationFailureException("hung up", new IOException())),
            "it refuses the login of this agent."
        },
        { new InvalidOperationException("outer", new InvalidOperationException("the cause")), "the cause" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void The_cause_is_told_without_those_who_passed_it_on(Exception cause, string sentence)
    {
        Reach.Failed(new RabbitMqConnectionException("Connect failed", cause));
        Reach.Trouble.ShouldBe($"broker.example:5671: {sentence}");
    }

    [Fact]
    public void The_same_trouble_is_logged_once_in_a_while_and_its_end_once()
    {
        for (var second = 0; second < 10; second++)
            Reach.Failed(new SocketException((int)SocketError.ConnectionRefused));
        _log.Written.ShouldHaveSingleItem().ShouldEndWith("broker.example:5671: Connection refused.");
        Reach.Failed(new SocketException((int)SocketError.NetworkUnreachable));
        _log.Written.Count.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(6));
        Reach.Failed(new SocketException((int)SocketError.NetworkUnreachable));
        _log.Written.Count.ShouldBe(3);
        Reach.Reached();
        Reach.Reached();
        _log.Written.Count.ShouldBe(4);
        Reach.Trouble.ShouldBeNull();
    }

    private sealed class Lines : ILogger<BrokerReach>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
