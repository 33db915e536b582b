using System.Globalization;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Disks;

/// <summary>A fleet whose broker has a file system of its own, small enough to be filled. Needs root.</summary>
[CollectionDefinition(Name)]
public sealed class SmallDisk() : FleetUnderTest(controls: 1, workers: 1, Told), ICollectionFixture<SmallDisk>, IAsyncLifetime
{
    public const string Name = "small disk";

    private const string Size = "1200m"; // below 1 GB of room the broker takes nothing
    private const string Filling = "1000MiB";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Told = new()
    {
        ["Leases__HeartbeatSeconds"] = "1",
        ["Rabbit__PulseSeconds"] = "1",
    };

    private string Disk => Home.In("data", "rabbitmq");

    private string Filler => Path.Combine(Disk, "filler");

    async Task IAsyncLifetime.InitializeAsync()
    {
        Environment.IsPrivilegedProcess.ShouldBeTrue("only root may mount a file system");
        await File.WriteAllTextAsync(Home.In(".fleet-home"), string.Create(CultureInfo.InvariantCulture, $"{Random.Shared.Next():x8}\n"));
        Directory.CreateDirectory(Disk);
        await Run("mount", "-t", "tmpfs", "-o", $"size={Size},mode=700", "fleet-test", Disk);
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await Run("umount", "--lazy", Disk);
        await DisposeAsync();
    }

    internal Task Fill() => Run("fallocate", "--length", Filling, Filler);

    internal void Free() => File.Delete(Filler);

    private static Task<string> Run(string program, params string[] arguments) =>
        Shell.Run(program, arguments, new Dictionary<string, string>(), Patience);
}
