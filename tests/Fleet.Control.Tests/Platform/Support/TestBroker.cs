using Fleet.Hosting;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>The broker that <c>FLEET_TEST_RABBITMQ</c> names.</summary>
internal static class TestBroker
{
    public static RabbitSettings Settings()
    {
        var broker = new Uri(Environment.GetEnvironmentVariable("FLEET_TEST_RABBITMQ")
            ?? throw new InvalidOperationException("These tests need a RabbitMQ server: run ./compose/test.sh"));
        var login = broker.UserInfo.Split(':');
        return new RabbitSettings { Host = broker.Host, Port = (ushort)broker.Port, User = login[0], Password = login[1] };
    }
}
