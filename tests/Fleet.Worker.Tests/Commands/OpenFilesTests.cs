using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

/// <summary>Counts the open files of the whole process, so nothing else may run beside it.</summary>
[Collection(nameof(OpenFilesTests))]
[CollectionDefinition(nameof(OpenFilesTests), DisableParallelization = true)]
public class OpenFilesTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Attempts_leave_no_file_open()
    {
        await OneOfEach();
        var before = OpenFiles();
        for (var i = 0; i < Rounds; i++)
            await OneOfEach();
        OpenFiles().ShouldBeLessThan(before + Rounds / 2); // a leak grows with every round; the runtime's own come and go
    }

    private static async Task OneOfEach()
    {
        using var fine = new CommandRun();
        await fine.Script("echo x; echo y >&2");
        using var wrong = new CommandRun();
        await wrong.Program("/no/such/file");
    }

    private static int OpenFiles() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}
