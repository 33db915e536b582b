using Fleet.Bench.Agents;
using Fleet.Bench.Target;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using RabbitMQ.Client;

namespace Fleet.Bench.Flood;

/// <summary>
/// An agent with one login that says as much as the broker takes, and comes back as soon as it is let in again after it was
/// cut off.
/// </summary>
internal sealed class FloodingAgent(AgentDoor door, RabbitAddress rabbit, string token)
{
    public const string Name = "bench-flood";

    /// <summary>The broker grants one agent six connections.</summary>
    private const int Connections = 4;

    private const int AtOnce = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Guid _session = Guid.NewGuid();
    private long _said;
    private long _entries;
    private long _report;

    /// <summary>Messages given to the broker, refused ones included.</summary>
    public long Said => Interlocked.Read(ref _said);

    /// <summary>How often it was let in.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>What nobody can read.</summary>
    public static byte[] Junk() => [.. Enumerable.Repeat((byte)'[', 200)];

    /// <summary>A report as it has to be, with this much output of an attempt that this agent never had.</summary>
    public byte[] Report(int outputBytes)
    {
        var output = new OutputChunk("stdout", new byte[outputBytes]);
        var attempt = new AttemptReport(Guid.NewGuid(), JobKinds.Noop, 1, Started: true, Output: [output]);
        return AgentMail.Wrap(
            new AgentReport(Name, _session, Interlocked.Increment(ref _report), [attempt]), Guid.CreateVersion7());
    }

    public async Task Live(Func<byte[]> next, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Flood(await Enter(stop), next, stop);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it is kept out, or was cut off
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<BrokerLogin> Enter(CancellationToken stop)
    {
        var slots = new Dictionary<string, int> { ["command"] = 1 };
        var about = new AgentRegistration(_session, "bench", Name, "linux", "x64", slots, new Dictionary<string, string>());
        var welcome = await door.Register(Name, token, about, stop);
        Interlocked.Increment(ref _entries);
        return welcome.Broker ?? new BrokerLogin(rabbit.User, rabbit.Password);
    }

    private async Task Flood(BrokerLogin login, Func<byte[]> next, CancellationToken stop)
    {
        var factory = new ConnectionFactory
        {
            HostName = rabbit.Host,
            Port = rabbit.Port,
            VirtualHost = rabbit.VirtualHost,
            UserName = login.User,
            Password = login.Password,
            AutomaticRecoveryEnabled = false,
        };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var speakers = Enumerable.Range(0, Connections).Select(_ => Speak(factory, next, over)).ToArray();
        await Task.WhenAll(speakers);
    }

    /// <summary>Until the broker closes the connection, which ends the others too.</summary>
    private async Task Speak(ConnectionFactory factory, Func<byte[]> next, CancellationTokenSource over)
    {
        try
        {
            await using var connection = await factory.CreateConnectionAsync(Name, over.Token);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, false), over.Token);
            while (!over.IsCancellationRequested)
            {
                for (var i = 0; i < AtOnce; i++)
                    await channel.BasicPublishAsync(AgentAddress.Out(Name), "", false, new BasicProperties(), next(), over.Token);
                Interlocked.Add(ref _said, AtOnce);
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
