using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>Notebooks, from the command line.</summary>
public sealed class NotebookTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private static readonly string[] Formats = ["table", "wide", "json", "jsonl", "yaml", "name"];

    [Theory]
    [InlineData("notebook-ls", "notebook ls")]
    [InlineData("notebook-show", "notebook show lab")]
    [InlineData("notebook-start", "notebook start new --on worker-1 --workspace first --detach")]
    [InlineData("notebook-packages", "notebook packages lab")]
    public async Task Answers_look_as_they_always_did(string name, string line)
    {
        NotebookSamples.Fill(fleet);
        var all = new StringWriter();
        foreach (var format in Formats)
        {
            var cli = new Support.Cli(fleet.Url) { Clock = Support.Cli.Noon() };
            (await cli.Run([.. line.Split(' '), "-o", format])).ShouldBe(0, cli.Error);
            all.Write($"### fleet {line} -o {format}\n{cli.Out.Replace(fleet.Url.Authority, "fleet.test", StringComparison.Ordinal)}\n");
            cli.Out.ShouldNotContain('\e');
        }

        Golden.MustBe($"{name}.txt", all.ToString());
    }

    [Fact]
    public async Task A_start_waits_until_the_server_listens_and_shows_the_token_that_was_made()
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        var path = await TokenFile("a token of twelve letters\n");
        fleet.On($"GET /v1/notebooks/{NotebookSamples.Id}", NotebookSamples.Notebook());
        (await cli.Run("notebook", "start", "new", "--token-file", path)).ShouldBe(0, cli.Error);
        fleet.Requests.Select(asked => asked.Route).ShouldBe(
            ["GET /v1/notebooks/new", "POST /v1/notebooks", $"GET /v1/notebooks/{NotebookSamples.Id}"]);
        fleet.Requests.ElementAt(1).Body.ShouldBe("""{"name":"new","token":"a token of twelve letters"}""");
        cli.Out.ShouldContain("running");
        cli.Out.ShouldContain("fleet_nb_secret");
        cli.Out.ShouldContain($"{fleet.Url}notebooks/{NotebookSamples.Id}/");
    }

    [Fact]
    public async Task A_start_that_fails_has_a_code_of_its_own_and_says_why()
    {
        NotebookSamples.Fill(fleet);
        fleet.On($"GET /v1/notebooks/{NotebookSamples.Id}", NotebookSamples.Notebook(
            "failed", error: new { code = "start_failed", message = "Jupyter is not there." }));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("notebook", "restart", "lab")).ShouldBe(5);
        cli.Out.ShouldContain("start_failed: Jupyter is not there.");
    }

    [Fact]
    public async Task Who_does_not_wait_for_the_server_gets_the_token_all_the_same()
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        fleet.On($"GET /v1/notebooks/{NotebookSamples.Id}", context =>
        {
            cli.Interrupts.Raise();
            return FakeFleet.Write(context, 200, NotebookSamples.Notebook("starting"));
        });
        (await cli.Run("notebook", "start", "new")).ShouldBe(130);
        cli.Out.ShouldContain("fleet_nb_secret");
    }

    [Fact]
    public async Task A_start_of_one_that_has_stopped_is_another_start_of_it()
    {
        NotebookSamples.Fill(fleet);
        fleet.On("GET /v1/notebooks/lab", NotebookSamples.Notebook("stopped"));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("notebook", "start", "lab", "--on", "worker-1", "-d", "-o", "name")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe($"{NotebookSamples.Id}\n");
        var last = fleet.Requests.Last();
        (last.Route, last.Body).ShouldBe(($"POST /v1/notebooks/{NotebookSamples.Id}/restart", "{}"));
    }

    [Theory]
    [InlineData("running", "notebook start lab", 1, "lab is running already.")]
    [InlineData("stopped", "notebook start lab --on worker-2", 2, "lab is on worker-1")]
    [InlineData("stopped", "notebook start lab --workspace other", 2, "lab begins in 'first'.")]
    public async Task A_notebook_is_not_started_other_than_it_is(string state, string line, int exit, string words)
    {
        NotebookSamples.Fill(fleet);
        fleet.On("GET /v1/notebooks/lab", NotebookSamples.Notebook(state));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(exit);
        cli.Error.ShouldContain(words);
        fleet.Requests.ShouldAllBe(asked => asked.Route.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_address_is_one_that_can_be_pasted()
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("notebook", "url", "lab")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe($"{fleet.Url}notebooks/{NotebookSamples.Id}/\n");
    }

    [Fact]
    public async Task A_run_of_its_files_is_queued_with_what_is_said_of_it()
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(
            "notebook", "queue", "lab", "--name", "flat", "--gpu", "1", "-e", "SEED=7", "--tag", "small", "-o", "name", "--", "--lr", "0.5"))
            .ShouldBe(0, cli.Error);
        cli.Out.ShouldBe($"{Samples.JobId}\n");
        fleet.Requests.First().Body.ShouldBe("""{"name":"flat","args":["--lr","0.5"],"env":{"SEED":"7"},"resources":{"gpu":1}}""");
        fleet.Requests.Last().Body.ShouldContain("\"tags\":[\"small\"]");
    }

    [Theory]
    [InlineData("notebook stop lab", "POST /v1/notebooks/lab/stop", "")]
    [InlineData("notebook rm lab --yes", $"DELETE /v1/notebooks/{NotebookSamples.Id}", "")]
    [InlineData("notebook restore lab", $"POST /v1/notebooks/{NotebookSamples.Removed}/restore", "")]
    [InlineData("notebook purge lab --yes", $"DELETE /v1/notebooks/{NotebookSamples.Id}", "?purge=true")]
    [InlineData($"notebook purge {NotebookSamples.Removed} -y", $"DELETE /v1/notebooks/{NotebookSamples.Removed}", "?purge=true")]
    public async Task Each_is_asked_for_by_what_people_call_it(string line, string route, string query)
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(0, cli.Error);
        var last = fleet.Requests.Last();
        (last.Route, last.Query).ShouldBe((route, query));
    }

    [Theory]
    [InlineData("lab", 2, "Several notebooks in the trash are called lab.")]
    [InlineData("nothing", 3, "No notebook nothing lies in the trash.")]
    public async Task What_is_not_one_notebook_of_the_trash_is_not_guessed(string named, int exit, string words)
    {
        NotebookSamples.Fill(fleet);
        fleet.On("GET /v1/notebooks", Samples.Page(
            NotebookSamples.Notebook(removed: true), NotebookSamples.Notebook(id: NotebookSamples.Removed, removed: true)));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("notebook", "restore", named)).ShouldBe(exit);
        cli.Error.ShouldContain(words);
    }

    [Theory]
    [InlineData("notebook rm lab")]
    [InlineData("notebook purge lab")]
    public async Task Nothing_is_removed_where_nobody_can_be_asked(string line)
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(2);
        fleet.Requests.ShouldAllBe(asked => asked.Route.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fleet notebook stop la", "lab")]
    [InlineData("fleet notebook restore 01J", NotebookSamples.Removed)]
    [InlineData("fleet notebook pu", "purge")]
    public async Task Completion_knows_notebooks(string line, string word)
    {
        NotebookSamples.Fill(fleet);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run($"[suggest:{line.Length}]", line)).ShouldBe(0);
        cli.Out.Split('\n').ShouldContain(word);
    }

    private static async Task<string> TokenFile(string text)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("fleet-notebook-").FullName, "token");
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
