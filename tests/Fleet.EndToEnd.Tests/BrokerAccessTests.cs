using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Fleet.EndToEnd.Tests.Support;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.EndToEnd.Tests;

/// <summary>A local user with a raw client: the broker has no door that stands open, and what opens one is not to be read.</summary>
[Collection(OneControl.Name)]
public sealed class BrokerAccessTests(OneControl fleet)
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Logins = ["control", "admin", "operator"];

    [Theory]
    [InlineData("guest", "guest")]
    [InlineData("fleet-control", "guest")]
    [InlineData("operator", "operator")]
    [InlineData("agent-worker-2", "agent-worker-2")]
    public async Task No_login_is_known_by_heart(string user, string password)
    {
        await Should.ThrowAsync<BrokerUnreachableException>(() => Connect(user, password));
        (await AskPage(user, password)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void Each_password_is_its_own_and_in_a_file_for_its_owner()
    {
        foreach (var file in Logins.Select(login => fleet.Home.In($"rabbitmq.{login}.password")))
            File.GetUnixFileMode(file).ShouldBe(OwnersOnly, file);
        Logins.Select(fleet.Home.BrokerPassword).Distinct().Count().ShouldBe(Logins.Length);
        fleet.Home.BrokerPassword("control").Length.ShouldBe(48);
        fleet.Greeting.ShouldContain(fleet.Home.In("rabbitmq.operator.password"));
        fleet.Greeting.ShouldNotContain(fleet.Home.BrokerPassword("operator"));
    }

    [Fact]
    public async Task Control_has_its_own_queues_and_nothing_else()
    {
        await using var connection = await Connect("fleet-control", fleet.Home.BrokerPassword("control"));
        await using (var own = await connection.CreateChannelAsync())
            await own.QueueDeclarePassiveAsync("fleet-reports");
        await Refused(connection, channel => channel.QueueDeclareAsync("mine", false, true, true));
        await Refused(connection, channel => channel.ExchangeDeleteAsync("amq.topic"));
        await Refused(connection, channel => channel.BasicPublishAsync("amq.fanout", "", true, new byte[] { 1 }).AsTask());
        (await AskPage("fleet-control", fleet.Home.BrokerPassword("control"))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>It makes users, and could give itself rights; but as it is, no message is its business.</summary>
    [Fact]
    public async Task Who_makes_users_reads_no_messages() => await Should.ThrowAsync<Exception>(async () =>
    {
        await using var connection = await Connect("fleet-admin", fleet.Home.BrokerPassword("admin"));
        await using var channel = await connection.CreateChannelAsync(); // the broker closes what it does not want after a moment
        await channel.QueueDeclarePassiveAsync("fleet-reports");
    });

    [Theory]
    [InlineData("fleet", "fleet")]
    [InlineData("postgres", "")]
    public async Task The_database_lets_nobody_in_who_does_not_know_the_password(string user, string password)
    {
        var own = new NpgsqlConnectionStringBuilder(fleet.Home.PostgresConnection);
        await using var stranger = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder { Host = own.Host, Port = own.Port, Username = user, Password = password }.ToString());
        await Should.ThrowAsync<NpgsqlException>(stranger.OpenAsync());
    }

    [Fact]
    public void Nothing_runs_as_root()
    {
        foreach (var process in fleet.Home.Processes())
        {
            var user = ProcFile.User(fleet.Home.Pid(process));
            if (Environment.IsPrivilegedProcess)
                user.ShouldNotBe(0, process);
        }

        if (Environment.IsPrivilegedProcess)
            ((string[])["control-1", "edge-1", "worker-1"]).Select(name => ProcFile.User(fleet.Home.Pid(name))).Distinct()
                .Count().ShouldBe(3, "Control, the edge and the agents cannot read each other's secrets");
    }

    private async Task<IConnection> Connect(string user, string password) => await new ConnectionFactory
    {
        Port = fleet.Scripts.Ports.Rabbit,
        UserName = user,
        Password = password,
        ClientProvidedName = "fleet-raw-client",
    }.CreateConnectionAsync();

    private async Task<HttpStatusCode> AskPage(string user, string password)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var answer = await http.GetAsync($"http://127.0.0.1:{fleet.Scripts.Ports.RabbitUi}/api/queues");
        return answer.StatusCode;
    }

    private static async Task Refused(IConnection connection, Func<IChannel, Task> act)
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await Should.ThrowAsync<Exception>(() => act(channel));
        channel.CloseReason!.ReplyCode.ShouldBe((ushort)403);
    }
}
