using System.Globalization;

namespace Fleet.Bench.Target;

/// <summary>One Fleet on this machine, as <c>up.sh</c> describes it under <c>FLEET_HOME</c>.</summary>
internal sealed class FleetHome
{
    private readonly EnvFile _env;

    private FleetHome(string root, string path)
    {
        Root = root;
        Folder = path;
        _env = new EnvFile(Path.Combine(path, "run", "env"));
    }

    /// <summary>The checkout, in which <c>compose/</c> lies.</summary>
    public string Root { get; }

    public string Folder { get; }

    public Uri Edge => new($"http://127.0.0.1:{_env["FLEET_EDGE_PORT"] ?? "8080"}");

    /// <summary>Where the echo model listens; null when this fleet has none.</summary>
    public string? EchoPort => _env["ECHO_PORT"] is { Length: > 0 } port ? port : null;

    public string AdminKey => File.ReadAllText(Path.Combine(Folder, "admin.key")).Trim();

    /// <summary>The connection string: given whole, or made of the port and password that <c>up.sh</c> left.</summary>
    public string Postgres =>
        _env.Any("FLEET_POSTGRES", "Postgres__ConnectionString") is { } text ? text
        : _env["FLEET_POSTGRES_PORT"] is { } port
            ? $"Host=127.0.0.1;Port={port};Username=fleet;Database=fleet{Password}"
        : throw new FleetAbsentException($"No Fleet runs at {Folder}: start it with ./compose/up.sh.");

    public RabbitAddress Rabbit => new(
        _env["Rabbit__Host"] ?? "127.0.0.1",
        ushort.Parse(_env.Any("FLEET_RABBITMQ_PORT", "Rabbit__Port") ?? "5672", CultureInfo.InvariantCulture),
        _env["Rabbit__VirtualHost"] ?? "/",
        _env.Any("FLEET_RABBITMQ_USER", "Rabbit__User") ?? throw NoLogin,
        _env.Any("FLEET_RABBITMQ_PASSWORD", "Rabbit__Password") ?? throw NoLogin);

    /// <summary>The broker's counters, in Prometheus' format.</summary>
    public Uri BrokerMetrics => new($"http://127.0.0.1:{_env["METRICS_PORT"] ?? "15692"}/metrics");

    private FleetAbsentException NoLogin => new($"{Folder}/run/env names no login for the broker: call ./compose/up.sh again.");

    private string Password => Path.Combine(Folder, "postgres.password") is var file && File.Exists(file)
        ? $";Password={File.ReadAllText(file).Trim()}"
        : "";

    public static FleetHome Find()
    {
        var here = Environment.CurrentDirectory;
        var root = Above(here) ?? Above(AppContext.BaseDirectory) ?? here;
        return Environment.GetEnvironmentVariable("FLEET_HOME") is { Length: > 0 } home
            ? new FleetHome(root, Path.GetFullPath(home))
            : new FleetHome(root, Path.Combine(root, ".fleet"));
    }

    /// <summary>Another fleet on this machine.</summary>
    public static FleetHome At(string path) => new(Find().Root, Path.GetFullPath(path));

    /// <summary>Process names and ids, such as <c>control-1</c>; only those that live.</summary>
    public IReadOnlyDictionary<string, int> Processes()
    {
        var run = Path.Combine(Folder, "run");
        return !Directory.Exists(run) ? new Dictionary<string, int>() : Directory.EnumerateFiles(run, "*.pid")
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file).Trim()))
            .Where(process => !process.Name.StartsWith('.') && int.TryParse(process.Text, out _))
            .Where(process => Directory.Exists($"/proc/{process.Text}"))
            .ToDictionary(process => process.Name, process => int.Parse(process.Text, CultureInfo.InvariantCulture));
    }

    /// <exception cref="FleetAbsentException">No Fleet runs here.</exception>
    public void MustRun()
    {
        var hasControl = Processes().Keys.Any(name => name.StartsWith("control", StringComparison.Ordinal));
        if (!hasControl || !File.Exists(Path.Combine(Folder, "admin.key")))
            throw new FleetAbsentException($"No Fleet runs at {Folder}: start it with ./compose/up.sh.");
    }

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
                return folder.FullName;
        }

        return null;
    }
}
