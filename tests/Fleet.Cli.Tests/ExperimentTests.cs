using System.Formats.Tar;
using Fleet.Cli.Experiments;
using Fleet.Cli.Tests.Support;
using Fleet.Client;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Tests;

/// <summary>Runs of commits, from the command line.</summary>
public sealed class ExperimentTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Commit = "0123456789012345678901234567890123456789";

    [Theory]
    [InlineData("experiment-find", "experiment find flat --metric loss<0.5 --tag small", "table wide json jsonl yaml name")]
    [InlineData("experiment-show", "experiment show " + ResearchSamples.First, "table wide json jsonl yaml name")]
    [InlineData("experiment-outcome", "experiment outcome " + ResearchSamples.First + " validates -m yes", "table name")]
    [InlineData("experiment-compare", "experiment compare " + ResearchSamples.First + " " + ResearchSamples.Second, "table json jsonl yaml")]
    [InlineData("experiment-metrics", "experiment metrics " + ResearchSamples.First, "table jsonl name")]
    public async Task Answers_look_as_they_always_did(string name, string line, string formats)
    {
        ResearchSamples.Fill(fleet);
        var all = new StringWriter();
        foreach (var format in formats.Split(' '))
        {
            var cli = new Support.Cli(fleet.Url) { Clock = Support.Cli.Noon() };
            (await cli.Run([.. line.Split(' '), "-o", format])).ShouldBe(0, cli.Error);
            all.Write($"### fleet {line} -o {format}\n{cli.Out}\n");
            cli.Out.ShouldNotContain('\e');
        }

        Golden.MustBe($"{name}.txt", all.ToString());
    }

    [Fact]
    public async Task Files_of_a_directory_become_a_commit_that_is_always_the_same()
    {
        ResearchSamples.Fill(fleet);
        var directory = Directory.CreateTempSubdirectory("fleet-commit-").FullName;
        Directory.CreateDirectory(Path.Combine(directory, ".git"));
        Directory.CreateDirectory(Path.Combine(directory, "lib"));
        await File.WriteAllTextAsync(Path.Combine(directory, ".git", "HEAD"), "secret");
        await File.WriteAllTextAsync(Path.Combine(directory, "lib", ".git"), "gitdir: elsewhere");
        await File.WriteAllTextAsync(Path.Combine(directory, "run.sh"), "echo hello\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "lib", "words.txt"), "hello");
        var names = new List<string>();
        var commits = new List<string>();
        fleet.OnAny(async context =>
        {
            var commit = context.Request.Path.Value!.Split('/')[3];
            if (context.Request.Method == "GET")
            {
                await FakeFleet.Write(context, commits.Contains(commit) ? 200 : 404, new { code = "not_found", detail = "There is none." });
                return;
            }

            commits.Add(commit);
            await using var tar = new TarReader(new MemoryStream(fleet.Requests.Last().Bytes));
            while (await tar.GetNextEntryAsync() is { } entry)
                names.Add(entry.Name);
            await FakeFleet.Write(context, 201, new { commit_id = commits[^1], files_count = 2, overall_sha = "x" });
        });
        foreach (var again in (int[])[1, 2])
        {
            var cli = new Support.Cli(fleet.Url);
            (await cli.Run(
                "experiment", "queue", "--from", directory, "--name", "flat", "--hypothesis", "It is flat.", "--tag", "small", "--gpu", "1",
                "-o", "name", "--", "--lr", "0.5")).ShouldBe(0, cli.Error);
            cli.Out.ShouldBe($"{Samples.JobId}\n");
        }

        names.ShouldBe(["lib/words.txt", "run.sh"]);
        commits.Single().Length.ShouldBe(Commit.Length); // and is sent once
        fleet.Requests.Last(asked => asked.Route == "POST /v1/jobs").Body.ShouldBe(
            $$$"""{"kind":"experiment","experiment":{"commit":"{{{commits[0]}}}","args":["--lr","0.5"],"resources":{"gpu":1}},"name":"flat"}""");
        fleet.Requests.Last().Body.ShouldContain("\"hypothesis\":\"It is flat.\"");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(directory, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            (await new Support.Cli(fleet.Url).Run("experiment", "queue", "--from", directory)).ShouldBe(0);
            commits.Distinct().Count().ShouldBe(2); // what may be executed is part of it
        }

        File.CreateSymbolicLink(Path.Combine(directory, "away"), "/etc/passwd");
        var refused = new Support.Cli(fleet.Url);
        (await refused.Run("experiment", "queue", "--from", directory)).ShouldBe(2);
        refused.Error.ShouldContain("away is a link");
    }

    [Fact]
    public async Task A_picture_shows_where_values_go_and_leaves_out_what_is_no_number()
    {
        ResearchSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("experiment", "metrics", ResearchSamples.First, "--metric", "loss", "--height", "2")).ShouldBe(0, cli.Error);
        var lines = cli.Out.Split('\n');
        lines[0].ShouldBe($"loss of {ResearchSamples.First}: 0.25 at last, 4 points");
        lines[1].ShouldStartWith("          1 │⠉"); // begins at the top
        lines[2].ShouldStartWith("       0.25 │");
        lines[2].ShouldEndWith("⣀"); // ends at the bottom
        lines[3].ShouldStartWith("            └0");
        (await new Support.Cli(fleet.Url).Run("experiment", "metrics", ResearchSamples.First, "--height", "1")).ShouldBe(2);
    }

    [Fact]
    public async Task A_series_whose_name_is_no_address_is_left_out_and_the_others_are_shown()
    {
        ResearchSamples.Fill(fleet);
        fleet.On($"GET /v1/jobs/{ResearchSamples.First}/metrics", Samples.Page(ResearchSamples.Series("..", 1), ResearchSamples.Series("loss", 0.25)));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("experiment", "metrics", ResearchSamples.First, "-o", "name")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe("loss\n");
        cli.Error.ShouldContain($".. of {ResearchSamples.First} is left out");
    }

    [Theory]
    [InlineData("../notes")]
    [InlineData("loss/./x")]
    public async Task A_metric_whose_path_would_lead_elsewhere_is_not_asked_for(string name)
    {
        ResearchSamples.Fill(fleet);
        using var client = new FleetClient(new FleetClientOptions { Url = fleet.Url, Key = FakeFleet.Key });
        (await Should.ThrowAsync<FleetException>(() => client.Experiments.Points(ResearchSamples.First, name))).Code.ShouldBe("not_found");
        fleet.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Points_without_steps_stand_beside_each_other()
    {
        var points = Enumerable.Range(0, 4).Select(i => new MetricPoint(null, default, i)).ToList();
        var scale = PlotScale.Of([points]);
        (scale.FirstStep, scale.LastStep).ShouldBe((0, 3));
        var lines = TextPlot.Draw(points, scale, 4, 2).ToList();
        var first = lines[0].IndexOf('│') + 1;
        lines[1][first].ShouldNotBe('\u2800'); // left, below
        lines[0].Length.ShouldBe(first + 4); // right, above
    }

    [Theory]
    [InlineData("experiment queue", "--commit, or --from")]
    [InlineData("experiment queue --from /no/such", "is no directory")]
    [InlineData("experiment compare one", "two to 10 runs")]
    [InlineData("experiment outcome x maybe", "maybe")]
    [InlineData("experiment find --metric loss=1", "loss<0.1")]
    [InlineData("experiment", "fleet experiment needs one of: queue, find")]
    public async Task What_cannot_be_meant_is_refused(string line, string words)
    {
        ResearchSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(2);
        cli.Error.ShouldContain(words);
        fleet.Requests.ShouldBeEmpty();
    }
}
