using System.Diagnostics;
using System.Text;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// Another host on a cable of its own: a namespace of the network that reaches one address of this machine and nothing else, with
/// a directory in place of its disk.
/// </summary>
internal sealed class OtherHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _name = $"fleet-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly int _network = Random.Shared.Next(0, 250);
    private readonly StringBuilder _said = new();
    private Process? _worker;

    /// <summary>Of this machine, as the other one sees it.</summary>
    public string Here => $"10.213.{_network}.1";

    /// <summary>Where everything is installed below.</summary>
    public string Disk { get; } = Directory.CreateTempSubdirectory("fleet-host-").FullName;

    /// <summary>What its worker wrote since it was started last.</summary>
    public string Log
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public static async Task<OtherHost> Make()
    {
        Environment.UserName.ShouldBe("root", "a second host is a namespace of the network, and only root may make one");
        var host = new OtherHost();
        File.SetUnixFileMode(host.Disk, (UnixFileMode)0x1ED); // 0755
        await host.Lay();
        return host;
    }

    /// <summary>As a person would paste it into a shell of that host. Its output, or an exception with it.</summary>
    public Task<string> Paste(string command) =>
        Run("ip", "netns", "exec", _name, "env", $"FLEET_INSTALL_ROOT={Disk}", "sh", "-c", command);

    /// <summary>Runs its worker by the script that the installer names.</summary>
    public void StartWorker()
    {
        lock (_said)
            _said.Clear();
        var run = Path.Combine(Disk, "opt/fleet-worker/run");
        _worker = Process.Start(Shell.Prepare("ip", ["netns", "exec", _name, run], new Dictionary<string, string>()))!;
        _worker.OutputDataReceived += Note;
        _worker.ErrorDataReceived += Note;
        _worker.BeginOutputReadLine();
        _worker.BeginErrorReadLine();
    }

    public async Task StopWorker()
    {
        if (_worker is not { } worker)
            return;
        _worker = null;
        await Run("kill", $"{worker.Id}"); // every step replaces the one before, so this is the worker
        await worker.WaitForExitAsync().Within();
        worker.Dispose();
    }

    /// <summary>A file of its disk with other words in it.</summary>
    public void Edit(string file, string words, string others)
    {
        var path = Path.Combine(Disk, file);
        var text = File.ReadAllText(path);
        text.ShouldContain(words);
        File.WriteAllText(path, text.Replace(words, others, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _worker?.Kill(entireProcessTree: true);
        _worker?.Dispose();
        await Run("ip", "netns", "delete", _name); // the cable goes with it
        Directory.Delete(Disk, recursive: true);
    }

    private async Task Lay()
    {
        var (near, far) = ($"{_name[..10]}n", $"{_name[..10]}f");
        await Run("ip", "netns", "add", _name);
        await Run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", _name);
        await Run("ip", "address", "add", $"{Here}/24", "dev", near);
        await Run("ip", "link", "set", near, "up");
        await Run("ip", "-netns", _name, "address", "add", $"10.213.{_network}.2/24", "dev", far);
        await Run("ip", "-netns", _name, "link", "set", far, "up");
        await Run("ip", "-netns", _name, "link", "set", "lo", "up");
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
            _said.AppendLine(line.Data);
    }

    private static Task<string> Run(string program, params string[] words) =>
        Shell.Run(program, words, new Dictionary<string, string>(), Patience);
}
