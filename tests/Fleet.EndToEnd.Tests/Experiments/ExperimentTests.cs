using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Experiments;

/// <summary>Runs of commits, by real agents and with real files.</summary>
[Collection(OneControl.Name)]
public sealed class ExperimentTests(OneControl fleet)
{
    private const string Train =
        """
        import json, os, sys
        rate = float(sys.argv[sys.argv.index("--lr") + 1])
        print("lib says", open("lib/words.txt").read().strip(), os.environ["SEED"])
        for step in range(500):
            print(f"::metric loss={rate / (step + 1)} step={step}")
        print("::metric odd=nan step=1")
        with open(os.path.join(os.environ["FLEET_ARTIFACTS_DIR"], "model.txt"), "w") as model:
            model.write("weights")
        sys.exit(0 if rate < 1 else 3)
        """;

    [Fact]
    public async Task A_run_gets_its_files_measures_and_leaves_what_it_made()
    {
        var commit = await Upload(("train.py", Train), ("lib/words.txt", "hello"), ("experiment.json", """{"env":{"SEED":"7"}}"""));
        var good = await Run(commit, "--lr", "0.5");
        var bad = await Run(commit, "--lr", "2");
        (good.State, bad.State, bad.ExitCode).ShouldBe(("succeeded", "failed", 3), good.Error?.Message);
        (await fleet.Client.Log(good.JobId)).ShouldBe("lib says hello 7\n");
        good.Artifacts.Select(file => file.Name).ShouldBe(["model.txt", "run-manifest.json"]);

        var series = await fleet.Client.Get<JsonElement>($"/v1/jobs/{good.JobId}/metrics");
        var loss = series.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "loss");
        (loss.GetProperty("points").GetInt64(), loss.GetProperty("last").GetDouble(), loss.GetProperty("max").GetDouble())
            .ShouldBe((500, 0.001, 0.5));
        var odd = await fleet.Client.Get<JsonElement>($"/v1/jobs/{good.JobId}/metrics/odd");
        odd.GetProperty("points")[0].GetProperty("value").GetString().ShouldBe("NaN");
    }

    [Fact]
    public async Task A_file_that_was_changed_where_it_lies_never_runs()
    {
        var commit = await Upload(("run.sh", "echo ran > \"$FLEET_ARTIFACTS_DIR/ran\"\n"), ("data.bin", $"{Guid.NewGuid()}"));
        await fleet.Database.Execute(
            $"""
            update experiment_chunks set bytes = set_byte(bytes, 0, 7) where blob in (
                select blob.id from experiment_blobs blob join experiment_files file using (tenant, sha256)
                where file.commit = '{commit}' and file.path = 'data.bin')
            """);
        var run = await Run(commit);
        (run.State, run.Error?.Code).ShouldBe(("failed", "snapshot_corrupt"));
        run.Error!.Message.ShouldContain("data.bin");
        run.Artifacts.ShouldBeEmpty();
    }

    private async Task<string> Upload(params (string Path, string Text)[] files)
    {
        var commit = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        using var bytes = new MemoryStream();
        await using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                });
            }
        }

        using var content = new ByteArrayContent(bytes.ToArray());
        using var answer = await fleet.Client.Send(HttpMethod.Put, new Uri($"/v1/experiments/{commit}/archive", UriKind.Relative), content);
        await answer.Must(HttpStatusCode.Created);
        return commit;
    }

    private async Task<JobView> Run(string commit, params string[] args)
    {
        var body = FleetJson.Write(new { kind = "experiment", name = "training", experiment = new { commit, args } });
        var job = await fleet.Client.Ask<JobView>(HttpStatusCode.Accepted, HttpMethod.Post, "/v1/jobs", body);
        return await fleet.Client.End(job.JobId);
    }
}
