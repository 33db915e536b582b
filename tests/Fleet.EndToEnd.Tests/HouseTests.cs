using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>What whoever runs a fleet sees of it.</summary>
[Collection(OneControl.Name)]
public sealed class HouseTests(OneControl fleet)
{
    [Fact]
    public async Task The_first_command_that_up_prints_works_as_it_is()
    {
        var paste = fleet.Greeting[fleet.Greeting.IndexOf("export PATH=", StringComparison.Ordinal)..];
        paste.ShouldContain("\nfleet run -- echo hello\n");
        (await Shell.Run("bash", ["-c", paste], new Dictionary<string, string>(), Eventually.Patience)).ShouldBe("hello\n");
    }

    [Fact]
    public async Task A_second_call_of_up_says_what_runs_and_changes_nothing()
    {
        string[] processes = ["rabbitmq", "postgres", "control-1", "edge-1", "worker-1", "worker-2"];
        var before = processes.Select(fleet.Home.Pid).ToArray();
        var printed = await fleet.Heal();
        processes.Select(fleet.Home.Pid).ShouldBe(before);
        foreach (var process in processes)
            printed.ShouldMatch($@"{process} +ran already");
    }

    [Fact]
    public async Task The_brokers_page_shows_readable_queues_and_connections()
    {
        string[] queues = ["fleet-jobs", "fleet-reports", "agent-worker-1", "fleet-dead-letters"];
        await Eventually.True(async () => !queues.Except(await fleet.Rabbit.Queues()).Any(), "the queues are listed");
        await Eventually.True(
            async () => await fleet.Rabbit.Connections() is { Count: > 3 } names
                && names.All(name => name?.StartsWith("fleet-", StringComparison.Ordinal) == true)
                && names.Any(name => name!.StartsWith("fleet-control@", StringComparison.Ordinal))
                && names.Any(name => name!.Contains("worker-1", StringComparison.Ordinal)),
            "every connection has a name of Fleet's");
    }

    [Fact]
    public async Task Agents_show_what_they_can_do()
    {
        var agents = (await fleet.Client.Get<PageView<AgentView>>("/v1/agents")).Items;
        agents.Select(agent => agent.Name).ShouldBe([FleetScripts.Wide, FleetScripts.Narrow], ignoreOrder: true);
        agents.ShouldAllBe(agent => agent.State == "online");
        var narrow = await fleet.Client.Get<AgentView>($"/v1/agents/{FleetScripts.Narrow}");
        narrow.Slots["command"].ShouldBe(1);
        narrow.Labels.ShouldContainKeyAndValue("size", "narrow");
    }

    [Fact]
    public async Task The_reference_of_the_API_is_read_without_a_key_and_asks_nobody_else()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        var page = await http.GetStringAsync("docs");
        page.ShouldContain("<title>Fleet</title>");
        page.ShouldNotContain("//");
        var script = await http.GetAsync("docs/scalar.js");
        script.EnsureSuccessStatusCode();
        script.Content.Headers.ContentType?.MediaType.ShouldEndWith("javascript");
        (await http.GetStringAsync("openapi/v1.json")).ShouldContain("\"/v1/jobs\"");
    }
}
