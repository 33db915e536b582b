using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Schedules;

/// <summary>A fleet with time zones of its own beside those of the machine: a test has their clocks changed when it likes.</summary>
[CollectionDefinition(Name)]
public sealed class OwnZones : FleetUnderTest, ICollectionFixture<OwnZones>, IAsyncLifetime
{
    public const string Name = "own zones";

    private const string OfMachine = "/usr/share/zoneinfo";

    private readonly string _zones;

    public OwnZones() : this(Directory.CreateTempSubdirectory("fleet-zones-").FullName)
    {
    }

    private OwnZones(string zones) : base(controls: 1, workers: 1, new Dictionary<string, string> { ["TZDIR"] = zones })
    {
        _zones = zones;
        foreach (var entry in Directory.EnumerateFileSystemEntries(OfMachine))
            File.CreateSymbolicLink(Path.Combine(zones, Path.GetFileName(entry)), entry);
    }

    /// <param name="source">As <c>zic</c> reads it; the names begin with <c>Test/</c>.</param>
    internal async Task Make(string source)
    {
        var file = Home.NewFile();
        await File.WriteAllTextAsync(file, source);
        await Shell.Run("/usr/sbin/zic", ["-d", _zones, file], new Dictionary<string, string>(), TimeSpan.FromMinutes(1));
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        Directory.Delete(_zones, recursive: true);
    }
}
