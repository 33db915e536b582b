using Fleet.Contracts.Backups;
using Fleet.Worker.Backups;

namespace Fleet.Worker.Tests.Backups;

/// <summary>Lines of restic 0.14 (Debian 12) and of 0.18, as they write them.</summary>
public sealed class ResticLinesTests
{
    [Theory]
    [InlineData("""{"message_type":"status","percent_done":0}""", 0, 0, 0, null)]
    [InlineData(
        """{"message_type":"status","seconds_elapsed":3,"seconds_remaining":9,"percent_done":0.25,"total_files":4,"files_done":1,"total_bytes":400,"bytes_done":100,"current_files":["/a/b","/c"]}""",
        0.25, 1, 100, "/a/b")]
    [InlineData(
        """{"message_type":"status","seconds_elapsed":1,"percent_done":0.5,"total_files":2,"files_restored":1,"total_bytes":20,"bytes_restored":10}""",
        0.5, 1, 10, null)] // a restore since 0.16
    public void Progress_is_read(string line, double fraction, long files, long bytes, string? current)
    {
        var progress = ResticLines.Read(line).ShouldBeOfType<ResticLine.Progress>().How;
        (progress.PercentDone, progress.FilesDone, progress.BytesDone).ShouldBe((fraction, files, bytes));
        progress.CurrentFiles?[0].ShouldBe(current);
    }

    [Theory]
    [InlineData("""{"message_type":"status","action":"scan_finished","item":"","duration":0.1,"total_files":7}""")] // 0.14
    [InlineData("""{"message_type":"verbose_status","action":"scan_finished","item":"","total_files":7}""")]
    [InlineData("""{"message_type":"verbose_status","action":"new","item":"/a"}""")]
    [InlineData("")]
    public void What_is_no_progress_is_not_taken_for_it(string line) =>
        ResticLines.Read(line).ShouldBeOfType<ResticLine.Noise>();

    [Theory]
    [InlineData("""{"message_type":"error","error":{},"during":"archival","item":"/x"}""", "/x", "restic does not say why", "archival")]
    [InlineData(
        """{"message_type":"error","error":{"Op":"open","Path":"/x","Err":13},"during":"archival","item":"/x"}""",
        "/x", "open /x: permission denied", "archival")]
    [InlineData(
        """{"message_type":"error","error":{"message":"open /x: permission denied"},"during":"scan","item":"/x"}""",
        "/x", "open /x: permission denied", "scan")] // 0.17.1
    [InlineData("""{"message_type":"error","message":"pack 12 is broken"}""", "", "pack 12 is broken", "")] // check of 0.18
    public void What_went_wrong_is_read(string line, string item, string message, string during) =>
        ResticLines.Read(line).ShouldBeOfType<ResticLine.Issue>().What.ShouldBe(new BackupIssue(item, message, during));

    [Fact]
    public void A_summary_stays_as_it_is()
    {
        const string line = """{"message_type":"summary","files_new":200,"data_added":4070787,"total_duration":0.63,"snapshot_id":"78a2ab8c"}""";
        ResticLines.Read(line).ShouldBeOfType<ResticLine.Summary>().Json.GetRawText().ShouldBe(line);
    }

    [Fact]
    public void The_reason_of_the_end_is_read()
    {
        var end = ResticLines.Read("""{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}""");
        end.ShouldBe(new ResticLine.Exit(12, "Fatal: wrong password or no key found"));
    }

    [Theory]
    [InlineData("created restic repository 3bc5a65cbd at /tmp/repo")]
    [InlineData("{ not json")]
    [InlineData("[0:00] 100.00%  1 / 1 snapshots")]
    public void Everything_else_is_for_people(string line) => ResticLines.Read(line).ShouldBe(new ResticLine.Text(line));

    [Theory]
    [InlineData("restic 0.14.0 compiled with go1.19.8 on linux/amd64", "0.14.0", false, false)]
    [InlineData("restic 0.16.5 compiled with go1.21 on linux/arm64", "0.16.5", true, false)]
    [InlineData("restic 0.18.1-dev compiled with go1.24", "0.18.1", true, true)]
    public void Versions_can_do_what_they_can(string text, string version, bool tells, bool skips)
    {
        var read = ResticVersion.Parse(text).ShouldNotBeNull();
        (read.ToString(), read.RestoresAsJson, read.RestoresWhatIsMissing).ShouldBe((version, tells, skips));
    }

    [Fact]
    public void What_is_no_restic_has_no_version() => ResticVersion.Parse("borg 1.2").ShouldBeNull();
}
