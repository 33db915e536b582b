using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Notebooks;

/// <summary>Debian's Jupyter on an agent, used through the edge.</summary>
[Collection(QuickLeases.Name)]
public sealed class NotebookTests(QuickLeases fleet)
{
    private static readonly (HttpMethod Method, string Path)[] Operations =
    [
        (HttpMethod.Get, ""), (HttpMethod.Get, "/packages"), (HttpMethod.Post, "/stop"), (HttpMethod.Post, "/restart"),
        (HttpMethod.Post, "/restore"), (HttpMethod.Delete, ""),
    ];

    [Fact]
    public async Task A_notebook_whose_agent_is_killed_says_so_and_finds_its_files_when_it_starts_again()
    {
        try
        {
            var notebook = await NotebookClient.Start(fleet, "work/deep", FleetScripts.Narrow);
            await notebook.Becomes("running");
            var kernel = await notebook.NewKernel();
            using (var channels = await notebook.Open(kernel, notebook.Token))
            {
                (await NotebookClient.Run(channels, "1+1")).ShouldBe("2");
                (await NotebookClient.Run(channels, "open('kept.txt', 'w').write('kept')")).ShouldBe("4");
                (await NotebookClient.Run(channels, "__import__('os').getcwd()[-9:]")).ShouldBe("'work/deep'");
                await fleet.Scripts.Kill(FleetScripts.Narrow);
            }

            var failed = await notebook.Becomes("failed");
            failed.GetProperty("error").GetProperty("code").GetString().ShouldBe("agent_lost");
            (await notebook.Ask(HttpMethod.Get, "api", $"token {notebook.Token}")).Status.ShouldBe(HttpStatusCode.Conflict);

            await fleet.Scripts.Restart(FleetScripts.Narrow);
            await fleet.Client.Ask<JsonElement>(HttpStatusCode.Accepted, HttpMethod.Post, $"/v1/notebooks/{notebook.Id}/restart");
            await notebook.Becomes("running");
            using var again = await notebook.Open(await notebook.NewKernel(), notebook.Token);
            (await NotebookClient.Run(again, "open('kept.txt').read()")).ShouldBe("'kept'");
            await Purge(notebook);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task Nobody_but_its_key_and_its_token_reaches_a_notebook()
    {
        var notebook = await NotebookClient.Start(fleet);
        await notebook.Becomes("running");
        var kernel = await notebook.NewKernel();
        var other = await fleet.Client.NewKey("other", scopes: ["jupyter:manage", "jupyter:read", "jobs:read"]);
        var elsewhere = await fleet.Client.NewKey("elsewhere", tenant: "elsewhere", role: "admin");
        foreach (var key in (string[])[other.Key, elsewhere.Key])
        {
            using var stranger = fleet.ClientWith(key);
            foreach (var (method, path) in Operations)
            {
                using var answer = await stranger.Send(method, $"/v1/notebooks/{notebook.Id}{path}");
                answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}");
            }

            (await stranger.Get<JsonElement>("/v1/notebooks")).GetProperty("items").GetArrayLength().ShouldBe(0);
            (await notebook.Ask(HttpMethod.Get, "api/kernels", $"Bearer {key}")).Status.ShouldBe(HttpStatusCode.NotFound);
            await Should.ThrowAsync<WebSocketException>(() => notebook.Open(kernel, key));
        }

        foreach (var header in (string?[])[null, "token guess", $"Bearer {notebook.Token}x"])
            (await notebook.Ask(HttpMethod.Get, "api/kernels", header)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await notebook.Ask(HttpMethod.Get, $"api/kernels?token={notebook.Token}", null)).Status.ShouldBe(HttpStatusCode.OK);
        using (var channels = await notebook.Open(kernel, fleet.Home.AdminKey))
            (await NotebookClient.Run(channels, "40+2")).ShouldBe("42");
        await Purge(notebook);
    }

    [Fact]
    public async Task What_lies_in_a_workspace_runs_as_an_experiment()
    {
        var notebook = await NotebookClient.Start(fleet, "lab");
        await notebook.Becomes("running");
        using (var channels = await notebook.Open(await notebook.NewKernel(), notebook.Token))
            await NotebookClient.Run(channels, "open('main.py', 'w').write('import sys; print(\"ran with\", *sys.argv[1:])')");
        var run = await fleet.Client.Ask<JsonElement>(
            HttpStatusCode.Accepted, HttpMethod.Post, $"/v1/notebooks/{notebook.Id}/runs", FleetJson.Write(new { args = new[] { "a b" } }));
        var id = run.GetProperty("job_id").GetString();
        await fleet.Client.End(id!);
        var ended = await fleet.Client.Get<JsonElement>($"/v1/jobs/{id}");
        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.GetRawText());
        using var log = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{id}/log?stream=stdout");
        (await log.Must(HttpStatusCode.OK)).ShouldBe("ran with a b\n");
        await Purge(notebook);
    }

    /// <summary>Until nothing of its files is left.</summary>
    private async Task Purge(NotebookClient notebook)
    {
        using var removed = await fleet.Client.Send(HttpMethod.Delete, $"/v1/notebooks/{notebook.Id}?purge=true");
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.True(
            () => !Directory.EnumerateDirectories(fleet.Home.In("data"), notebook.Id, SearchOption.AllDirectories).Any(),
            "its files are gone");
    }
}

/// <summary>The same where several Controls share the work: a tunnel must come to the one that waits for it.</summary>
[Collection(TwoControls.Name)]
public sealed class NotebooksOfTwoControlsTests(TwoControls fleet)
{
    [Fact]
    public async Task Whichever_Control_is_asked_reaches_the_notebook()
    {
        var notebook = await NotebookClient.Start(fleet);
        await notebook.Becomes("running");
        var packages = await fleet.Client.Get<JsonElement>($"/v1/notebooks/{notebook.Id}/packages");
        packages.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldContain("ipykernel");
        var kernel = await notebook.NewKernel();
        for (var round = 0; round < 8; round++)
        {
            using var channels = await notebook.Open(kernel, notebook.Token);
            (await NotebookClient.Run(channels, $"{round}+1")).ShouldBe($"{round + 1}");
            (await notebook.Ask(HttpMethod.Get, $"api/kernels/{kernel}", $"token {notebook.Token}")).Status.ShouldBe(HttpStatusCode.OK);
        }

        using var stopped = await fleet.Client.Send(HttpMethod.Post, $"/v1/notebooks/{notebook.Id}/stop");
        stopped.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await notebook.Becomes("stopped");
    }
}
