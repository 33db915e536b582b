namespace Fleet.Hosting.Settings;

/// <summary>
/// The sections of all of Fleet's processes, and those of the frameworks they stand on. Processes of one machine share
/// an environment, so that each finds the others' settings in its own.
/// </summary>
public static class FleetSections
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Access", "Agents", "Artifacts", "Audit", "Backups", "Broker", "Bulk", "Chat", "Console", "Dispatch", "Edge", "Edges",
        "Experiments", "Http", "Leases", "Manifests", "Models", "Notebooks", "OpenAccess", "Packets", "Paliad", "Postgres",
        "Rabbit", "Retention", "Schedules", "Search", "Secrets", "Sockets", "Stop", "Telemetry", "Webhooks", "Worker",
        "AllowedHosts", "ConnectionStrings", "Kestrel", "Logging", "Urls",
    };

    /// <summary>Settings of one process in a section of which another reads the rest.</summary>
    internal static IReadOnlySet<string> Elsewhere { get; } =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Secrets:KeyFile" };
}
