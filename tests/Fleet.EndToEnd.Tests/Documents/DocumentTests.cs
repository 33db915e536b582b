using System.Diagnostics;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Documents;

/// <summary>
/// The commands of the documents, in order, as a person types them into one shell in a copy of the checkout, on a machine where
/// nothing else runs: a network namespace has all ports free. Needs root for that. It runs what was built for these tests.
/// </summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private const string Mark = "::: block ";

    private static readonly string[] Documents = ["README.md", "compose/README.md", "src/Fleet.Control/README.md"];

    /// <summary>Programs that up.sh starts.</summary>
    private static readonly string[] Programs =
        ["bin/Fleet.Cli", "bin/Fleet.Control", "bin/Fleet.Edge", "bin/Fleet.Worker", "bin/Fleet.EchoModel", "publish/Fleet.Console"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly string _clone = Directory.CreateTempSubdirectory("fleet-documents-").FullName;
    private Guardian? _guardian;

    private FleetHome Home => new(Path.Combine(_clone, ".fleet"));

    public async Task InitializeAsync()
    {
        Environment.IsPrivilegedProcess.ShouldBeTrue("only root may make a network namespace");
        File.SetUnixFileMode(_clone, (UnixFileMode)0x1ED); // 0755: the processes' users read what was built
        foreach (var name in (string[])["compose", "src", "rabbitmq.conf"])
            await Run("cp", "-R", Path.Combine(Checkout.Root, name), _clone);
        foreach (var program in Programs.Select(program => Path.Combine(".artifacts", program)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_clone, program))!);
            await Run("cp", "-R", Path.Combine(Checkout.Root, program), Path.Combine(_clone, program));
        }
    }

    public async Task DisposeAsync()
    {
        if (_guardian is not null)
            await _guardian.TakeDown();
        await Run("rm", "-rf", "--", _clone);
    }

    [Fact]
    public async Task Every_command_of_the_documents_runs_and_says_what_the_text_says()
    {
        var blocks = Documents.SelectMany(document =>
            Readme.Commands(File.ReadAllText(Path.Combine(Checkout.Root, document))).Select(commands => (document, commands))).ToList();
        blocks.Count.ShouldBeGreaterThanOrEqualTo(6);
        var script = string.Concat(blocks.Select((block, number) => $"echo '{Mark}{number} of {block.document}'\n{block.commands}"));
        _guardian = Guardian.Over(Home);
        var settings = new Dictionary<string, string> { ["FLEET_BUILD"] = "0", ["HOME"] = _clone, ["BASH_ENV"] = "", ["NO_PROXY"] = "*" };
        var printed = await Shell.Run(
            "unshare", ["--net", "bash", "-c", "ip link set lo up && cd \"$1\" && exec bash -ec \"$2\"", "bash", _clone, script],
            settings, Patience);
        var said = printed.Split(Mark)[1..];
        said.Length.ShouldBe(blocks.Count);

        string Said(string command) => said[blocks.FindIndex(block => block.commands.Contains(command, StringComparison.Ordinal))];
        Said("./compose/up.sh      #").ShouldContain("Admin key");
        Said("fleet run -- sh").ShouldContain("line 1\nline 2\nline 3\n");
        Said("curl -sN -H").ShouldContain("event: end");
        Said("Retention__Days=7").ShouldContain("\nRetention__Days=7\n");
        Said("pg_restore").ShouldContain("control-1    started");
        Said("/api/chat").ShouldContain("\"done\":true");
        Said("/api/chat").ShouldContain("\"job_id\":");
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, program);
    }
}
