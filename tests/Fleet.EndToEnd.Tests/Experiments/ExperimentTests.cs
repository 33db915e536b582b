using System.Buffers.Binary;
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
        import os, sys
        rate = float(sys.argv[sys.argv.index("--lr") + 1])
        data = open(os.path.join(os.environ["FLEET_DATASETS_DIR"], sys.argv[1], "numbers.csv")).read()
        print("lib says", open("lib/words.txt").read().strip(), os.environ["SEED"], len(data))
        for step in range(500):
            print(f"::metric loss={rate / (step + 1)} step={step}")
        print("::metric odd=nan step=1")
        with open(os.path.join(os.environ["FLEET_ARTIFACTS_DIR"], "model.txt"), "w") as model:
            model.write("weights")
        sys.exit(0 if rate < 1 else 3)
        """;

    [Fact]
    public async Task A_run_with_data_measures_leaves_what_it_made_and_goes_without_a_trace()
    {
        var dataset = $"numbers-{Guid.NewGuid():N}";
        await using var server = await FileServer.Start("/numbers.csv", "1,2,3\n");
        await Register(dataset, server.Url, "1,2,3\n");
        var commit = await Upload(("train.py", Train), ("lib/words.txt", "hello"), ("experiment.json", """{"env":{"SEED":"7"}}"""));
        var good = await Run(commit, [dataset], dataset, "--lr", "0.5");
        var bad = await Run(commit, [dataset], dataset, "--lr", "2");
        (good.State, bad.State, bad.ExitCode).ShouldBe(("succeeded", "failed", 3), good.Error?.Message);
        (await fleet.Client.Log(good.JobId)).ShouldBe("lib says hello 7 6\n");
        good.Artifacts.Select(file => file.Name).ShouldBe(["model.txt", "run-manifest.json"]);

        var series = (await fleet.Client.Get<JsonElement>($"/v1/jobs/{good.JobId}/metrics")).GetProperty("items");
        series.EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldBe(["loss", "odd"]);
        (series[0].GetProperty("points").GetInt64(), series[0].GetProperty("last").GetDouble(), series[0].GetProperty("max").GetDouble())
            .ShouldBe((500, 0.001, 0.5));
        var odd = await fleet.Client.Get<JsonElement>($"/v1/jobs/{good.JobId}/metrics/odd");
        odd.GetProperty("points")[0].GetProperty("value").GetString().ShouldBe("NaN");
        var compared = await fleet.Client.Get<JsonElement>($"/v1/experiments/compare?run={good.JobId}&run={bad.JobId}");
        compared.GetProperty("metrics").GetProperty("loss")[1].GetProperty("max").GetDouble().ShouldBe(2);
        compared.GetProperty("fields").GetProperty("exit_code").GetRawText().ShouldBe("[0,3]");

        var export = await Entries($"/v1/jobs/{good.JobId}/export");
        export.Keys.ShouldBe(
            ["run.json", "files/experiment.json", "files/lib/words.txt", "files/train.py", "artifacts/model.txt",
                "artifacts/run-manifest.json", "log.txt"]);
        (export["artifacts/model.txt"], export["log.txt"], export["files/train.py"])
            .ShouldBe(("weights", "lib says hello 7 6\n", Train));
        export["artifacts/run-manifest.json"].ShouldContain(Sha("1,2,3\n"));
        (await Entries($"/v1/jobs/{good.JobId}/export?anonymize=true"))["run.json"].ShouldNotContain(good.Agent!);

        using var deleted = await fleet.Client.Send(HttpMethod.Delete, $"/v1/experiments/{commit}");
        await deleted.Must(HttpStatusCode.NoContent);
        (await Traces(commit, good.JobId, bad.JobId)).ShouldBeEmpty();
        await Eventually.True(
            () => !Directory.EnumerateFileSystemEntries(fleet.Home.In("data"), "*experiment*", SearchOption.AllDirectories).Any(),
            "agents keep nothing of a run");
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
        var run = await Run(commit, []);
        (run.State, run.Error?.Code).ShouldBe(("failed", "snapshot_corrupt"));
        run.Error!.Message.ShouldContain("data.bin");
        run.Artifacts.ShouldBeEmpty();
        var report = await fleet.Client.Get<JsonElement>($"/v1/experiments/{commit}/validation");
        report.GetProperty("checks").GetProperty("files").GetProperty("details").GetString().ShouldBe("data.bin");
    }

    [Fact]
    public async Task Data_that_is_not_what_it_should_be_never_reaches_a_run()
    {
        var dataset = $"changed-{Guid.NewGuid():N}";
        await using var server = await FileServer.Start("/numbers.csv", "1,2,4\n");
        await Register(dataset, server.Url, "1,2,3\n");
        var run = await Run(await Upload(("run.sh", "true\n")), [dataset]);
        (run.State, run.Error?.Code).ShouldBe(("failed", "dataset_corrupt"));
    }

    /// <summary>Two stacks of WebSockets that have nothing to do with each other, nor with .NET's.</summary>
    [Theory]
    [InlineData("packets.mjs")]
    [InlineData("packets.py")]
    public async Task A_client_of_another_make_speaks_every_opcode_through_the_edge(string client)
    {
        const int frames = 20_000;
        var commit = await Upload(("run.sh", "echo hello \"$@\"\n"), ("requirements.txt", ""));
        var weak = await fleet.Client.NewKey("weak", scopes: ["webhooks:read"]);
        var url = new UriBuilder(fleet.Scripts.Ports.EdgeUrl) { Scheme = "ws", Path = "/ws" }.Uri.ToString();
        string[] told = [url, fleet.Home.AdminKey, weak.Key, commit, $"{frames}"];
        var printed = client.EndsWith(".py", StringComparison.Ordinal)
            ? await Shell.Run(
                "/usr/bin/python3", [Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests/Experiments/Clients", client), .. told],
                new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1" }, TimeSpan.FromMinutes(3))
            : await new NodePackage(fleet.Home, "Experiments/Clients").Run(client, told);
        JsonDocument.Parse(printed).RootElement.GetProperty("answered").GetInt32().ShouldBe(frames);
    }

    /// <summary>Every table that still knows one of the names; the audit remembers who did what to them, and nothing else.</summary>
    private async Task<List<string>> Traces(params string[] names)
    {
        var left = new List<string>();
        foreach (var table in await fleet.Database.Tables())
        {
            var wanted = string.Join(" or ", names.SelectMany(name => (string[])[name, IdOf(name)]).Distinct()
                .Select(name => $"one::text like '%{name}%'"));
            if (table is not "audit" && await fleet.Database.Count($"select count(*) from {table} one where {wanted}") > 0)
                left.Add(table);
        }

        return left;
    }

    /// <summary>The UUID behind an id of the wire; what is none stays.</summary>
    private static string IdOf(string name)
    {
        const string crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        if (name.Length != 26)
            return name;
        var number = name.Aggregate(UInt128.Zero, (sum, letter) => (sum << 5) | (uint)crockford.IndexOf(letter, StringComparison.Ordinal));
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private async Task Register(string name, string url, string content)
    {
        var body = FleetJson.Write(new { name, url, sha256 = Sha(content) });
        await fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, "/v1/datasets", body);
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
        using var answer = await fleet.Client.Send(
            HttpMethod.Put, new Uri($"/v1/experiments/{commit}/archive", UriKind.Relative), content);
        await answer.Must(HttpStatusCode.Created);
        return commit;
    }

    private async Task<JobView> Run(string commit, string[] datasets, params string[] args)
    {
        var body = FleetJson.Write(new { kind = "experiment", name = "training", experiment = new { commit, args, datasets } });
        var job = await fleet.Client.Ask<JobView>(HttpStatusCode.Accepted, HttpMethod.Post, "/v1/jobs", body);
        return await fleet.Client.End(job.JobId);
    }

    private async Task<Dictionary<string, string>> Entries(string path)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var tar = new TarReader(await answer.Content.ReadAsStreamAsync());
        var entries = new Dictionary<string, string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null);
            entries[entry.Name] = await reader.ReadToEndAsync();
        }

        return entries;
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
