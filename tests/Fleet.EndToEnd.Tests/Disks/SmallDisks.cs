using System.Globalization;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Disks;

/// <summary>A fleet whose broker and database each have a file system of their own, small enough to be filled. Needs root.</summary>
[CollectionDefinition(Name)]
public sealed class SmallDisks() : FleetUnderTest(controls: 1, workers: 1, Told), ICollectionFixture<SmallDisks>, IAsyncLifetime
{
    public const string Name = "small disks";
    public const string RabbitMq = "rabbitmq";
    public const string Postgres = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Told = new()
    {
        ["Leases__HeartbeatSeconds"] = "1",
        ["Rabbit__PulseSeconds"] = "1",
    };

    async Task IAsyncLifetime.InitializeAsync()
    {
        Environment.IsPrivilegedProcess.ShouldBeTrue("only root may mount a file system");
        await File.WriteAllTextAsync(Home.In(".fleet-home"), $"{Random.Shared.Next():x8}\n");
        await Mount(RabbitMq, "1200m"); // below 1 GB free the broker takes nothing
        await Mount(Postgres, "300m");
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (var server in (string[])[RabbitMq, Postgres])
            await Run("umount", "--lazy", Home.In("data", server));
        await DisposeAsync();
    }

    /// <summary>Takes all room of a server but so much.</summary>
    internal async Task Fill(string server, long leaving)
    {
        var room = new DriveInfo(Home.In("data", server)).AvailableFreeSpace;
        await Run("fallocate", "--length", (room - leaving).ToString(CultureInfo.InvariantCulture), Filler(server));
    }

    internal void Free(string server) => File.Delete(Filler(server));

    private string Filler(string server) => Home.In("data", server, "filler");

    private async Task Mount(string server, string size)
    {
        Directory.CreateDirectory(Home.In("data", server));
        await Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=700", "fleet-test", Home.In("data", server));
    }

    private static Task<string> Run(string program, params string[] arguments) =>
        Shell.Run(program, arguments, new Dictionary<string, string>(), Patience);
}
