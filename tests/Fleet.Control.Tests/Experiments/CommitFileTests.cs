using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Commits whose files come one by one: nothing is sent twice, and nothing runs that is not whole.</summary>
public sealed class CommitFileTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task What_is_missing_is_named_and_what_is_there_is_not_sent_again()
    {
        var (commit, unique) = (TestArchive.NewCommit(), $"{Guid.NewGuid()}");
        var files = new[] { ("run.sh", "echo hello\n" + unique), ("lib/words.txt", "hello" + unique), ("experiment.json", """{"env":{"A":"b"}}""") };
        using (var none = await Finish(commit, files))
            Missing(await none.Problem(409, "files_missing")).ShouldContain("run.sh");
        await Send(commit, "run.sh", files[0].Item2);
        await Send(commit, "experiment.json", files[2].Item2);
        using (var some = await Finish(commit, files))
            Missing(await some.Problem(409, "files_missing")).ShouldBe(["lib/words.txt"]); // it goes on there
        await Send(commit, "lib/words.txt", files[1].Item2);
        using var first = await Finish(commit, files);
        var made = await first.Json(201);
        using var again = await Finish(commit, files);
        (await again.Json(200)).GetRawText().ShouldBe(made.GetRawText());

        var other = TestArchive.NewCommit(); // the same contents, as an archive
        using var archive = await fleet.Http.Upload(other, TestArchive.Of(files));
        (await archive.Json(201)).GetProperty("overall_sha").GetString().ShouldBe(made.GetProperty("overall_sha").GetString());
        var shown = await fleet.Get($"/v1/experiments/{commit}");
        shown.GetProperty("entry").GetRawText().ShouldBe("""["sh","run.sh"]""");
        shown.GetProperty("env").GetRawText().ShouldBe("""{"A":"b"}""");
        (await fleet.Http.GetStringAsync($"/v1/experiments/{commit}/files/lib/words.txt")).ShouldBe(files[1].Item2);
        using var changed = await Finish(commit, files[..1]);
        await changed.Problem(409, "commit_exists");
    }

    [Fact]
    public async Task Content_that_is_not_what_its_digest_says_is_none_of_a_commit()
    {
        var (commit, text) = (TestArchive.NewCommit(), $"{Guid.NewGuid()}");
        using var wrong = await Put($"/v1/experiments/{commit}/files/run.sh?sha256={Sha("other")}", text);
        (await wrong.Problem(400, "invalid_field")).GetProperty("errors").GetProperty("sha256")[0].GetString()!.ShouldContain(Sha(text));
        using var finished = await Finish(commit, ("run.sh", "other" + text));
        await finished.Problem(409, "files_missing");
    }

    [Theory]
    [InlineData("files/run.sh", "sha256")]
    [InlineData("files/run.sh?sha256=abc", "sha256")]
    [InlineData("files/datasets?sha256=", "name")]
    [InlineData("files/a%5Cb?sha256=", "name")]
    public async Task A_wrong_name_or_digest_is_refused(string path, string field)
    {
        var target = path.EndsWith('=') ? path + Sha("x") : path;
        using var answer = await Put($"/v1/experiments/{TestArchive.NewCommit()}/{target}", "x");
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    public static TheoryData<string, string> WrongManifests => new()
    {
        { """{"files":[]}""", "files" },
        { """{"files":[null]}""", "files[0]" },
        { """{"files":[{"path":"../a","sha256":"S"}]}""", "files[0].path" },
        { """{"files":[{"path":"datasets","sha256":"S"}]}""", "files[0].path" },
        { """{"files":[{"path":"a","sha256":"no"}]}""", "files[0].sha256" },
        { """{"files":[{"path":"a","sha256":"S"},{"path":"a","sha256":"S"}]}""", "files[1].path" },
        { """{"files":[{"path":"a","sha256":"S"},{"path":"a/b","sha256":"S"}]}""", "files" },
    };

    [Theory]
    [MemberData(nameof(WrongManifests))]
    public async Task A_wrong_manifest_is_refused_with_its_field(string manifest, string field)
    {
        using var answer = await Put(
            $"/v1/experiments/{TestArchive.NewCommit()}/manifest", manifest.Replace("\"S\"", $"\"{Sha("x")}\"", StringComparison.Ordinal), "application/json");
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_where_a_run_finds_its_data_is_refused_with_a_sentence()
    {
        using var answer = await fleet.Http.Upload(TestArchive.NewCommit(), TestArchive.Of(("run.sh", ""), ("datasets", "")));
        (await answer.Problem(400, "invalid_field")).GetProperty("detail").GetString()!.ShouldContain("the directory in which a run finds its data");
        using var within = await fleet.Http.Upload(TestArchive.NewCommit(), TestArchive.Of(("run.sh", ""), ("datasets/own.csv", "")));
        await within.Json(201);
    }

    private static IEnumerable<string?> Missing(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateObject().Select(one => one.Value[0].GetString());

    private async Task Send(string commit, string path, string text)
    {
        using var answer = await Put($"/v1/experiments/{commit}/files/{path}?sha256={Sha(text)}", text);
        var stored = await answer.Json(200);
        (stored.GetProperty("path").GetString(), stored.GetProperty("size").GetInt64()).ShouldBe((path, text.Length));
    }

    private Task<HttpResponseMessage> Finish(string commit, params (string Path, string Text)[] files) => fleet.Http.PutAsJsonAsync(
        $"/v1/experiments/{commit}/manifest", new { files = files.Select(file => new { path = file.Path, sha256 = Sha(file.Text) }) });

    private async Task<HttpResponseMessage> Put(string path, string text, string type = "application/octet-stream")
    {
        using var content = new StringContent(text, Encoding.UTF8, type);
        return await fleet.Http.PutAsync(path, content);
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
