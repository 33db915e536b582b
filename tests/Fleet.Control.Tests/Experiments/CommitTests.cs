using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Commits: their files go in once, and never change.</summary>
public sealed class CommitTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task An_archive_is_a_commit_and_the_same_again_is_the_same_commit()
    {
        var commit = TestArchive.NewCommit();
        using var first = await fleet.Http.Upload(commit, TestArchive.Hello);
        var made = await first.Json(201);
        made.EnumerateObject().Select(field => field.Name).ShouldBe(["commit_id", "files_count", "overall_sha"]);
        (made.GetProperty("commit_id").GetString(), made.GetProperty("files_count").GetInt32()).ShouldBe((commit, 2));
        made.GetProperty("overall_sha").GetString().ShouldBe(Sha($"{Sha("numpy\n")}  requirements.txt\n{Sha("echo hello \"$@\"\n")}  run.sh\n"));
        foreach (var again in (byte[][])[TestArchive.Hello, TestArchive.Zip(TestArchive.Hello)])
        {
            using var second = await fleet.Http.Upload(commit.ToUpperInvariant(), again);
            (await second.Json(200)).GetRawText().ShouldBe(made.GetRawText());
        }

        using var other = await fleet.Http.Upload(commit, TestArchive.Of(("run.sh", "true\n")));
        await other.Problem(409, "commit_exists");
        var shown = await fleet.Get($"/v1/experiments/{commit}");
        shown.GetProperty("entry").GetRawText().ShouldBe("""["sh","run.sh"]""");
        shown.GetProperty("dependencies").GetString().ShouldBe("requirements.txt");
        shown.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString())
            .ShouldBe(["requirements.txt", "run.sh"]);
        (await fleet.Http.GetStringAsync($"/v1/experiments/{commit}/files/requirements.txt")).ShouldBe("numpy\n");
    }

    [Fact]
    public async Task An_archive_that_unpacks_without_end_is_broken_off()
    {
        var huge = new PaxTarEntry(TarEntryType.RegularFile, "a.txt", new Dictionary<string, string> { ["comment"] = new('x', 4_000_000) });
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
            await writer.WriteEntryAsync(huge);
        using var answer = await fleet.Http.Upload(TestArchive.NewCommit(), TestArchive.Zip(tar.ToArray()));
        (await answer.Problem(400, "invalid_field")).GetProperty("detail").GetString()!.ShouldContain("too large");
    }

    [Theory]
    [InlineData("{\"entry\":[\"make\",\"all\"],\"env\":{\"A\":\"b\"},\"other\":1}", "[\"make\",\"all\"]", "{\"A\":\"b\"}")]
    [InlineData("{}", "[\"python3\",\"main.py\"]", "{}")]
    public async Task What_is_started_is_said_in_a_file_or_seen(string json, string entry, string env)
    {
        var commit = TestArchive.NewCommit();
        using var answer = await fleet.Http.Upload(
            commit, TestArchive.Of(("train.py", ""), ("./main.py", ""), ("experiment.json", json), ("lib/deep/run.sh", "")));
        await answer.Json(201);
        var shown = await fleet.Get($"/v1/experiments/{commit}");
        shown.GetProperty("entry").GetRawText().ShouldBe(entry);
        shown.GetProperty("env").GetRawText().ShouldBe(env);
    }

    [Theory]
    [InlineData("{\"entry\":\"sh\"}", "experiment.json")]
    [InlineData("{\"entry\":[]}", "experiment.json.entry")]
    [InlineData("{\"entry\":[null]}", "experiment.json.entry[0]")]
    [InlineData("{\"env\":{\"A=B\":\"\"}}", "experiment.json.env")]
    [InlineData("nonsense", "experiment.json")]
    public async Task A_wrong_word_in_that_file_is_named(string json, string field)
    {
        using var answer = await fleet.Http.Upload(TestArchive.NewCommit(), TestArchive.Of(("experiment.json", json)));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    public static TheoryData<string, byte[]> WrongArchives => new()
    {
        { "empty", [] },
        { "no archive", Encoding.UTF8.GetBytes(new string('x', 5000)) },
        { "half a file", TestArchive.Of(("run.sh", new string('x', 5000)))[..1500] },
        { "half a zip", TestArchive.Zip(TestArchive.Hello)[..60] },
        { "nothing in it", TestArchive.Of(new PaxTarEntry(TarEntryType.Directory, "dir")) },
        { "a way out", TestArchive.Of(("../run.sh", "")) },
        { "a way out within", TestArchive.Of(("a/../../run.sh", "")) },
        { "an absolute path", TestArchive.Of(("/etc/cron.d/x", "")) },
        { "a backslash", TestArchive.Of(("a\\b", "")) },
        { "an escape", TestArchive.Of(("a/%2e%2e/b", "")) },
        { "twice", TestArchive.Of(("a", "1"), ("./a", "2")) },
        { "a file and a directory", TestArchive.Of(("a", "1"), ("a/b", "2")) },
        { "a link", TestArchive.Of(new PaxTarEntry(TarEntryType.SymbolicLink, "a") { LinkName = "/etc/passwd" }) },
        { "a hard link", TestArchive.Of(TestArchive.Entry("b", ""), new PaxTarEntry(TarEntryType.HardLink, "a") { LinkName = "b" }) },
        { "a device", TestArchive.Of(new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }) },
        { "a pipe", TestArchive.Of(new PaxTarEntry(TarEntryType.Fifo, "pipe")) },
    };

    [Theory]
    [MemberData(nameof(WrongArchives))]
    public async Task What_a_commit_cannot_hold_is_refused_whole(string what, byte[] archive)
    {
        var commit = TestArchive.NewCommit();
        using var answer = await fleet.Http.Upload(commit, archive);
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty("archive", out _).ShouldBeTrue(what);
        using var shown = await fleet.Http.GetAsync($"/v1/experiments/{commit}");
        await shown.Problem(404, "not_found");
    }

    [Fact]
    public async Task A_commit_has_forty_digits_and_its_own_scopes()
    {
        foreach (var wrong in (string[])["short", new string('g', 40), new string('0', 41)])
        {
            using var answer = await fleet.Http.Upload(wrong, TestArchive.Hello);
            await answer.Problem(400, "invalid_field");
        }

        using var reader = await fleet.WithScopes("jobs:read");
        using var refused = await reader.Upload(TestArchive.NewCommit(), TestArchive.Hello);
        await refused.Problem(403, "forbidden");
    }

    [Fact]
    public async Task Content_is_stored_once_and_goes_with_the_last_commit_that_has_it()
    {
        var text = new string('d', 1_200_000) + Guid.NewGuid();
        var (one, two) = (TestArchive.NewCommit(), TestArchive.NewCommit());
        await (await fleet.Http.Upload(one, TestArchive.Of(("big", text), ("copy", text), ("run.sh", "1")))).Json(201);
        await (await fleet.Http.Upload(two, TestArchive.Of(("same", text)))).Json(201);
        (await Blobs(text)).ShouldBe(1);
        (await fleet.Http.GetStringAsync($"/v1/experiments/{two}/files/same")).ShouldBe(text);
        (await fleet.Http.DeleteAsync($"/v1/experiments/{one}")).EnsureSuccessStatusCode();
        (await Blobs(text)).ShouldBe(1);
        (await fleet.Http.DeleteAsync($"/v1/experiments/{two}")).EnsureSuccessStatusCode();
        (await Blobs(text)).ShouldBe(0);
        (await Count("select count(*) from experiment_files where commit in ($1, $2)", one, two)).ShouldBe(0);
        (await Count("select count(*) from experiment_chunks where blob not in (select id from experiment_blobs)")).ShouldBe(0);
        using var gone = await fleet.Http.DeleteAsync($"/v1/experiments/{one}");
        await gone.Problem(404, "not_found");
    }

    [Fact]
    public async Task The_list_is_newest_first_and_goes_on()
    {
        var commits = Enumerable.Range(0, 3).Select(_ => TestArchive.NewCommit()).ToList();
        foreach (var commit in commits)
            await (await fleet.Http.Upload(commit, TestArchive.Hello)).Json(201);
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await fleet.Get($"/v1/experiments?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("commit_id").GetString()!));
            if ((cursor = page.GetProperty("next").GetString()) is null)
                break;
        }

        seen.Distinct().Count().ShouldBe(seen.Count);
        seen.Where(commits.Contains).ShouldBe(commits.AsEnumerable().Reverse());
    }

    private Task<long> Blobs(string text) =>
        Count("select count(*) from experiment_blobs where sha256 = $1", Sha(text));

    private async Task<long> Count(string sql, params string[] values)
    {
        var database = fleet.Services.GetRequiredService<NpgsqlDataSource>();
        return (long)(await database.Scalar(sql, CancellationToken.None, [.. values.Select(value => SqlValue.Of(value))]))!;
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
