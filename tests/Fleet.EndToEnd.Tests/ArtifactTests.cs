using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Files that a job leaves.</summary>
[Collection(OneControl.Name)]
public sealed class ArtifactTests(OneControl fleet)
{
    private const string Report = "0123456789abcdef";

    [Fact]
    public async Task A_file_of_the_artifacts_directory_can_be_downloaded_but_never_shows_as_a_page()
    {
        var job = await RunWith("page.html", Report);
        var file = job.Artifacts.ShouldHaveSingleItem();
        (file.Name, file.Size).ShouldBe(("page.html", Report.Length));
        file.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Report))));
        file.Url.ShouldBe($"/v1/jobs/{job.JobId}/artifacts/page.html");

        using var answer = await fleet.Client.Send(HttpMethod.Get, file.Url);
        (await answer.Must(HttpStatusCode.OK)).ShouldBe(Report);
        answer.Headers.ETag?.Tag.ShouldBe($"\"{file.Sha256}\"");
        answer.Headers.AcceptRanges.ShouldBe(["bytes"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        var disposition = answer.Content.Headers.ContentDisposition.ShouldNotBeNull();
        (disposition.DispositionType, disposition.FileName).ShouldBe(("attachment", "page.html"));
    }

    [Theory]
    [InlineData("bytes=0-3", "0123", "bytes 0-3/16")]
    [InlineData("bytes=10-", "abcdef", "bytes 10-15/16")]
    [InlineData("bytes=-2", "ef", "bytes 14-15/16")]
    public async Task A_part_of_a_file_can_be_downloaded(string range, string content, string contentRange)
    {
        var job = await RunWith("report.txt", Report);
        using var part = await fleet.Client.Send(HttpMethod.Get, job.Artifacts[0].Url, headers: ("Range", range));
        (await part.Must(HttpStatusCode.PartialContent)).ShouldBe(content);
        part.Content.Headers.ContentRange?.ToString().ShouldBe(contentRange);
    }

    [Fact]
    public async Task Nothing_is_sent_of_a_file_that_the_caller_has_already()
    {
        var job = await RunWith("report.txt", Report);
        var (url, tag) = (job.Artifacts[0].Url, $"\"{job.Artifacts[0].Sha256}\"");
        using var same = await fleet.Client.Send(HttpMethod.Get, url, headers: ("If-None-Match", tag));
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var beyond = await fleet.Client.Send(HttpMethod.Get, url, headers: ("Range", "bytes=16-"));
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task Files_of_directories_and_with_odd_names_keep_their_names()
    {
        var job = await fleet.Client.Run(JobDraft.Script(
            """
            cd "$FLEET_ARTIFACTS_DIR" && mkdir -p deep/er
            printf one > deep/er/file.txt
            printf two > 'sp ace %41 ü.txt'
            """));
        job.Artifacts.Select(file => file.Name).ShouldBe(["deep/er/file.txt", "sp ace %41 ü.txt"], ignoreOrder: true);
        foreach (var file in job.Artifacts)
        {
            using var answer = await fleet.Client.Send(HttpMethod.Get, file.Url);
            (await answer.Must(HttpStatusCode.OK)).ShouldBe(file.Name == "deep/er/file.txt" ? "one" : "two");
        }

        var list = await fleet.Client.Get<PageView<ArtifactView>>(job.Links.Artifacts);
        list.Items.Select(file => file.Name).ShouldBe(job.Artifacts.Select(file => file.Name), ignoreOrder: true);
    }

    [Fact]
    public async Task A_large_file_arrives_whole()
    {
        var job = await fleet.Client.Run(JobDraft.Script(
            "head -c 30000000 /dev/urandom > \"$FLEET_ARTIFACTS_DIR/big\"; sha256sum < \"$FLEET_ARTIFACTS_DIR/big\""));
        var file = job.Artifacts.ShouldHaveSingleItem();
        (await fleet.Client.Log(job.JobId)).ShouldStartWith(file.Sha256);
        using var answer = await fleet.Client.Follow(file.Url);
        var hash = await SHA256.HashDataAsync(await answer.Content.ReadAsStreamAsync());
        Convert.ToHexStringLower(hash).ShouldBe(file.Sha256);
    }

    private async Task<JobView> RunWith(string name, string content)
    {
        var job = await fleet.Client.Run(JobDraft.Script($"printf {content} > \"$FLEET_ARTIFACTS_DIR/{name}\""));
        job.State.ShouldBe("succeeded");
        return job;
    }
}
