using System.ComponentModel.DataAnnotations;
using System.Security.Authentication;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Hosting;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Control.Tests.Agents;

/// <summary>Over TLS, whoever cannot prove to be the broker is not spoken to.</summary>
public sealed class BrokerTlsTests
{
    private const string Name = "broker.test";

    [Fact]
    public async Task The_right_authority_and_the_right_name_are_accepted()
    {
        await using var door = new TlsDoor(Name);
        await using var connection = await Settings(door, door.AuthorityFile).Open("test", default);
        connection.IsOpen.ShouldBeTrue();
        (await BusComesUp(Settings(door, door.AuthorityFile), seconds: 60)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_authority_that_nobody_named_is_refused()
    {
        await using var door = new TlsDoor(Name);
        foreach (var settings in (RabbitSettings[])[Settings(door, door.OtherAuthorityFile), Settings(door, "")])
        {
            var refused = await Should.ThrowAsync<BrokerUnreachableException>(() => settings.Open("test", default));
            refused.GetBaseException().ShouldBeOfType<AuthenticationException>();
            (await BusComesUp(settings, seconds: 4)).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var door = new TlsDoor("somebody.test");
        var settings = Settings(door, door.AuthorityFile);
        var refused = await Should.ThrowAsync<BrokerUnreachableException>(() => settings.Open("test", default));
        refused.GetBaseException().ShouldBeOfType<AuthenticationException>();
        (await BusComesUp(settings, seconds: 4)).ShouldBeFalse();
    }

    [Fact]
    public void A_file_without_an_authority_gets_a_sentence()
    {
        foreach (var file in (string[])["/no/file", "/dev/null"])
        {
            var settings = new RabbitSettings { TlsCaFile = file };
            var wrong = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
            Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, true).ShouldBeFalse();
            wrong.Single().ErrorMessage!.ShouldStartWith("Rabbit:TlsCaFile");
        }
    }

    private static RabbitSettings Settings(TlsDoor door, string authorities)
    {
        var broker = new Uri(Environment.GetEnvironmentVariable("FLEET_TEST_RABBITMQ")!);
        return new RabbitSettings
        {
            Host = "127.0.0.1",
            Port = door.Port,
            User = broker.UserInfo.Split(':')[0],
            Password = broker.UserInfo.Split(':')[1],
            Tls = true,
            TlsServerName = Name,
            TlsCaFile = authorities,
        };
    }

    /// <summary>Whether the one bus recipe of all processes gets through. What is refused is tried again without end.</summary>
    private static async Task<bool> BusComesUp(RabbitSettings settings, double seconds)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(settings);
        builder.Services.AddFleetBus("fleet-tls-test", _ => { }, (_, _) => { });
        using var host = builder.Build();
        var bus = host.Services.GetRequiredService<IBusControl>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await bus.StartAsync(patience.Token).Within();
            await bus.StopAsync(CancellationToken.None);
            return true;
        }
        catch (Exception refused) when (refused is OperationCanceledException or RabbitMqConnectionException)
        {
            return false;
        }
    }
}
