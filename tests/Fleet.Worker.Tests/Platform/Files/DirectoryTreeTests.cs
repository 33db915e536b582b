using Fleet.Worker.Platform.Files;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Platform.Files;

public class DirectoryTreeTests
{
    [Fact]
    public async Task Whatever_a_job_leaves_is_removed_and_nothing_else()
    {
        var outside = Directory.CreateTempSubdirectory("fleet-worker-").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "precious"), "x");
        using var run = new CommandRun();
        await run.Script($"""
            touch "$(printf 'a\377')"; mkfifo pipe; ln -s {outside} link
            mkdir -p locked/deep; touch locked/deep/file; chmod 000 locked/deep locked
            """);
        await run.Directory.Delete();
        Directory.Exists(run.Directory.Root).ShouldBeFalse();
        File.Exists(Path.Combine(outside, "precious")).ShouldBeTrue();
        await DirectoryTree.Delete(outside);
        await DirectoryTree.Delete(outside);
    }
}
