using System.Formats.Tar;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Experiments;

/// <summary>Runs over HTTP: submitted as jobs, and told of beside them.</summary>
public sealed class RunTests(PacketFleet fleet) : IClassFixture<PacketFleet>
{
    [Theory]
    [InlineData("""{"kind":"experiment"}""", "experiment")]
    [InlineData("""{"kind":"noop","experiment":{"commit":"x"}}""", "experiment")]
    [InlineData("""{"kind":"experiment","experiment":{"commit":"x"}}""", "experiment.commit")]
    [InlineData("""{"kind":"experiment","experiment":{"commit":"00112233445566778899aabbccddeeff00112233"}}""", "experiment.commit")]
    [InlineData("""{"kind":"experiment","experiment":{"args":[null]}}""", "experiment.args[0]")]
    [InlineData("""{"kind":"experiment","experiment":{"env":{"A=B":"c"}}}""", "experiment.env")]
    [InlineData("""{"kind":"experiment","experiment":{"datasets":["../x"]}}""", "experiment.datasets[0]")]
    [InlineData("""{"kind":"experiment","experiment":{"resources":{"cpu":0}}}""", "experiment.resources.cpu")]
    [InlineData("""{"kind":"experiment","experiment":{"resources":{"gpu":-1}}}""", "experiment.resources.gpu")]
    public async Task A_wrong_submission_names_its_field(string body, string field)
    {
        using var answer = await fleet.Http.PostAsync("/v1/jobs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_is_shown_with_what_was_said_of_it()
    {
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        var id = await fleet.Submit(new
        {
            kind = "experiment",
            name = "told",
            experiment = new { commit, args = (string[])["--lr", "1"], env = Env("SEED", "7"), resources = new { cpu = 0.5, gpu = 2 } },
        });
        (await fleet.Get($"/v1/jobs/{id}")).GetProperty("target").GetProperty("labels").GetRawText().ShouldBe("""{"gpu":"2"}""");
        using var narrated = await fleet.Http.PatchAsJsonAsync($"/v1/jobs/{id}/narrative", new { hypothesis = "h", tags = (string[])["a"] });
        await narrated.Json(200);
        using var patched = await fleet.Http.PatchAsync(
            $"/v1/jobs/{id}/narrative", JsonContent.Create(new { hypothesis = (string?)null, intent = "i" }));
        var narrative = (await patched.Json(200)).GetProperty("narrative");
        narrative.GetProperty("hypothesis").ValueKind.ShouldBe(JsonValueKind.Null);
        (narrative.GetProperty("intent").GetString(), narrative.GetProperty("tags")[0].GetString()).ShouldBe(("i", "a"));
        using var note = await fleet.Http.PostAsJsonAsync($"/v1/jobs/{id}/notes", new { note = "n", author = "Ada" });
        (await note.Json(201)).GetProperty("author").GetString().ShouldBe("Ada");
        using var outcome = await fleet.Http.PutAsJsonAsync($"/v1/jobs/{id}/outcome", new { outcome = "refutes", summary = "s" });
        var run = await outcome.Json(200);
        (run.GetProperty("outcome").GetString(), run.GetProperty("outcome_by").GetString()).ShouldBe(("refutes", "first admin key"));
        (run.GetProperty("commit_id").GetString(), run.GetProperty("env").GetProperty("SEED").GetString()).ShouldBe((commit, "7"));
        using var wrong = await fleet.Http.PutAsJsonAsync($"/v1/jobs/{id}/outcome", new { outcome = "good" });
        await wrong.Problem(400, "invalid_field");
        using var unknown = await fleet.Http.PatchAsJsonAsync($"/v1/jobs/{id}/narrative", new { why = "x" });
        await unknown.Problem(400, "invalid_field");

        var retried = await (await fleet.Http.PostAsync($"/v1/jobs/{id}/retry", null)).Json(409);
        retried.GetProperty("code").GetString().ShouldBe("not_finished");
    }

    [Fact]
    public async Task An_export_has_everything_and_an_anonymous_one_nobody()
    {
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        var id = await fleet.Submit(new { kind = "experiment", name = "x", experiment = new { commit, env = Env("HOME", "/home/ada") } });
        (await fleet.Http.PostAsJsonAsync($"/v1/jobs/{id}/notes", new { note = "ask ada@lab.example at C:\\runs\\7", author = "Ada" }))
            .EnsureSuccessStatusCode();
        (await fleet.Http.PostAsJsonAsync($"/v1/jobs/{id}/metrics", new
        {
            points = Enumerable.Range(0, 5000).Select(step => new { name = "loss of /home/ada", value = step == 7 ? (object)"NaN" : step, step }),
        })).EnsureSuccessStatusCode();
        var whole = await Entries($"/v1/jobs/{id}/export");
        var loss = JsonDocument.Parse(whole["run.json"]).RootElement.GetProperty("metrics")[0];
        (loss.GetProperty("points").GetArrayLength(), loss.GetProperty("total").GetInt32()).ShouldBe((5000, 5000));
        loss.GetProperty("points")[7].GetProperty("value").GetString().ShouldBe("NaN");
        whole.Keys.ShouldBe(["run.json", "files/requirements.txt", "files/run.sh", "log.txt"]);
        whole["files/requirements.txt"].ShouldBe("numpy\n");
        whole["run.json"].ShouldContain("Ada");
        var anonymous = await Entries($"/v1/jobs/{id}/export?anonymize=true");
        anonymous.Keys.ShouldBe(["run.json"]);
        foreach (var name in (string[])["Ada", "ada", "first admin key", "/home", "lab.example", "C:\\\\runs", "\"author\"", "\"user\""])
            anonymous["run.json"].ShouldNotContain(name, Case.Sensitive);
        anonymous["run.json"].ShouldContain(commit);
    }

    [Fact]
    public async Task Ten_runs_are_compared_and_eleven_are_not()
    {
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        var ids = new List<string>();
        for (var i = 0; i < 11; i++)
            ids.Add(await fleet.Submit(new { kind = "experiment", name = $"r{i % 2}", experiment = new { commit, env = Env("I", $"{i}") } }));
        var compared = await fleet.Get($"/v1/experiments/compare?run={string.Join("&run=", ids.Take(10))}");
        compared.GetProperty("runs").GetArrayLength().ShouldBe(10);
        compared.GetProperty("environment").GetProperty("I")[9].GetString().ShouldBe("9");
        compared.GetProperty("fields").EnumerateObject().Select(field => field.Name).ShouldBe(["job_name"]);
        compared.GetProperty("args").ValueKind.ShouldBe(JsonValueKind.Null);
        using var many = await fleet.Http.GetAsync($"/v1/experiments/compare?run={string.Join(',', ids)}");
        await many.Problem(400, "invalid_field");
        using var missing = await fleet.Http.GetAsync($"/v1/experiments/compare?run={ids[0]}&run=nothing");
        await missing.Problem(404, "not_found");
    }

    [Fact]
    public async Task Runs_of_other_tenants_do_not_exist()
    {
        var commit = Convert.ToHexStringLower(await fleet.Commit());
        var id = await fleet.Submit(new { kind = "experiment", experiment = new { commit } });
        using var acme = fleet.With(await fleet.Key(["admin"], tenant: "acme"));
        foreach (var path in (string[])[$"jobs/{id}/experiment", $"jobs/{id}/metrics", $"jobs/{id}/export", $"experiments/{commit}"])
        {
            using var answer = await acme.GetAsync($"/v1/{path}");
            await answer.Problem(404, "not_found");
        }

        using var found = await acme.PostAsJsonAsync("/v1/experiments/find", new { commit });
        (await found.Json(200)).GetProperty("count").GetInt32().ShouldBe(0);
        using var dry = await fleet.Http.PostAsJsonAsync("/v1/experiments/prune", new { keep = 0, dry_run = true });
        (await dry.Json(200)).GetProperty("dry_run").GetBoolean().ShouldBeTrue();
        using var both = await fleet.Http.PostAsJsonAsync("/v1/experiments/prune", new { keep = 0, older_than_days = 1 });
        await both.Problem(400, "invalid_field");
    }

    private static Dictionary<string, string> Env(string name, string value) => new() { [name] = value };

    private async Task<Dictionary<string, string>> Entries(string path)
    {
        using var answer = await fleet.Http.GetAsync(path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-tar");
        await using var tar = new TarReader(await answer.Content.ReadAsStreamAsync());
        var entries = new Dictionary<string, string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null);
            entries[entry.Name] = await reader.ReadToEndAsync();
        }

        return entries;
    }
}
