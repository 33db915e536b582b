namespace Fleet.Bench.Measuring;

/// <summary>
/// CPU and memory of named processes, each with all its descendants: PostgreSQL works in children of its postmaster,
/// RabbitMQ in a child of a shell. A descendant that has a name itself counts under that alone.
/// </summary>
/// <param name="roots">Asked at every reading, because processes are restarted.</param>
internal sealed class ProcessMeter(Func<IReadOnlyDictionary<string, int>> roots)
{
    public const string Own = "bench";

    public MeterReading Read()
    {
        var all = ProcFile.Processes();
        var children = all.ToLookup(process => process.Value.Parent, process => process.Key);
        var named = new Dictionary<string, int>(roots()) { [Own] = Environment.ProcessId };
        var cpu = named.ToDictionary(root => root.Key, root => Tree(root.Value, children, named).Sum(pid => CpuOf(pid, all)));
        return new MeterReading(cpu, ProcFile.MachineBusy());
    }

    /// <summary>Bytes by process name.</summary>
    public IReadOnlyDictionary<string, long> Memory()
    {
        var children = ProcFile.Processes().ToLookup(process => process.Value.Parent, process => process.Key);
        var named = new Dictionary<string, int>(roots()) { [Own] = Environment.ProcessId };
        return named.ToDictionary(root => root.Key, root => Tree(root.Value, children, named).Sum(ProcFile.Memory));
    }

    private static double CpuOf(int pid, Dictionary<int, (int Parent, double Cpu)> all) =>
        all.TryGetValue(pid, out var process) ? process.Cpu : 0;

    private static IEnumerable<int> Tree(int root, ILookup<int, int> children, Dictionary<string, int> named) => children[root]
        .Where(child => !named.ContainsValue(child))
        .SelectMany(child => Tree(child, children, named)).Prepend(root);
}

/// <summary>CPU seconds by process name, and of the whole machine.</summary>
internal sealed record MeterReading(IReadOnlyDictionary<string, double> Cpu, double MachineBusy)
{
    /// <summary>
    /// Adds milliseconds per unit of work: of each role (<c>control-1</c> and <c>control-2</c> are one), of what was
    /// measured as a whole, and of strangers, which is whatever else the machine was busy with.
    /// </summary>
    /// <param name="measuredHere">
    /// The product is this program with broker and database; otherwise it is everything but this program.
    /// </param>
    public void AddUseSince(MeterReading before, double units, bool measuredHere, Dictionary<string, double> figures)
    {
        var used = Cpu
            .Where(process => before.Cpu.ContainsKey(process.Key))
            .GroupBy(process => Roles.Of(process.Key))
            .ToDictionary(role => role.Key, role => role.Sum(process => process.Value - before.Cpu[process.Key]));
        foreach (var (role, seconds) in used)
            figures[$"cpu_{role}_ms"] = seconds * 1000 / units;
        figures["cpu_product_ms"] = 1000 / units * used
            .Where(role => measuredHere
                ? role.Key is ProcessMeter.Own or "rabbitmq" or "postgres"
                : role.Key != ProcessMeter.Own)
            .Sum(role => role.Value);
        figures["cpu_strangers_ms"] = Math.Max(0, MachineBusy - before.MachineBusy - used.Values.Sum()) * 1000 / units;
    }
}
