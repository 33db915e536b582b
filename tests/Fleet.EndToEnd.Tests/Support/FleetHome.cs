using System.Globalization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The directory of one fleet, as the scripts promise it: logs, pids, the admin key.</summary>
internal sealed record FleetHome(string Path)
{
    private const int LastLines = 30;

    private const UnixFileMode Everybody = (UnixFileMode)0x3FF; // 01777, like /tmp

    public string AdminKey => File.ReadAllText(In("admin.key")).Trim();

    /// <summary>Where its agents look who is logged on; nobody is while there is no such file.</summary>
    public string Logons => In("logons");

    /// <summary>How tools beside the fleet reach its database.</summary>
    public string PostgresConnection => Setting("Postgres__ConnectionString");

    /// <summary>By what people log in to the broker.</summary>
    public (string User, string Password) BrokerLogin => (Setting("Rabbit__User"), Setting("Rabbit__Password"));

    /// <summary>With what an agent proves itself.</summary>
    public string TokenOf(string agent) => File.ReadAllText(In("data", agent, "agent.token")).Trim();

    public static FleetHome Create() => new(Directory.CreateTempSubdirectory("fleet-e2e-").FullName);

    public int Pid(string process) =>
        int.Parse(File.ReadAllText(In("run", $"{process}.pid")), CultureInfo.InvariantCulture);

    public bool Runs(string process) => File.Exists(In("run", $"{process}.pid")) && ProcFile.IsAlive(Pid(process));

    /// <summary>The names of everything that was started.</summary>
    public IEnumerable<string> Processes() =>
        Directory.GetFiles(In("run"), "*.pid").Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.StartsWith('.'));

    /// <summary>A new path for a file of jobs and tests; gone with the home.</summary>
    public string NewFile()
    {
        var scratch = Directory.CreateDirectory(In("scratch"));
        scratch.UnixFileMode = Everybody; // jobs run as other users
        return In("scratch", Guid.NewGuid().ToString("N"));
    }

    /// <summary>A file that is there already, for jobs on several hosts: each has users of its own, and all may write here.</summary>
    public string NewSharedFile()
    {
        var file = NewFile();
        File.WriteAllBytes(file, []);
        File.SetUnixFileMode(file, (UnixFileMode)0x1B6); // 0666
        return file;
    }

    /// <summary>The last lines of every log, for whoever has to find out what went wrong.</summary>
    public string LastWords()
    {
        if (!Directory.Exists(In("logs")))
            return "There are no logs.";
        var logs = Directory.GetFiles(In("logs"), "*.log").Order(StringComparer.Ordinal);
        return string.Join('\n', logs.Select(LastWordsOf));
    }

    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>By what Control logs in to the broker: <c>control</c> for its messages, <c>admin</c> to make users.</summary>
    public string BrokerPassword(string login) => File.ReadAllText(In($"rabbitmq.{login}.password"));

    /// <summary>What the scripts remember of this home.</summary>
    public string Setting(string name) => File.ReadLines(In("run", "env"))
        .Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string LastWordsOf(string log) =>
        $"--- {System.IO.Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(LastLines))}";
}
