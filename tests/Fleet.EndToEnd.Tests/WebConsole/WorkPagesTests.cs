using Fleet.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Manifests are run and stopped, and runs judged, on their pages.</summary>
[Collection(WithConsole.Name)]
public sealed class WorkPagesTests(WithConsole fleet) : IAsyncLifetime
{
    private readonly ResearchData _data = new(fleet);
    private Browser _browser = null!;

    public async Task InitializeAsync() => _browser = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    [Fact]
    public async Task A_manifest_is_foreseen_and_run_from_a_form_of_its_parameters()
    {
        await _data.Manifest("page-report", "says where it runs");
        var page = await fleet.LogIn(_browser, "/ui/executions/new?manifest=page-report");
        await page.GetByLabel("depth").FillAsync("deep");
        await page.GetByLabel("Agents", new PageGetByLabelOptions { Exact = true }).FillAsync(FleetScripts.Wide);
        await page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("is of the type integer");
        await page.GetByLabel("depth").FillAsync("7");
        await page.GetByLabel("topic").FillAsync("disks of the page");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(page.Locator("#forecast")).ToHaveTextAsync("It would reach 1 agent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run on 1 agent" }).ClickAsync();

        var row = page.Locator(".matrix tbody tr");
        await Expect(row).ToContainTextAsync(FleetScripts.Wide);
        await Expect(row.Locator(".state")).ToHaveTextAsync("ok");
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("completed");
        await Expect(page.Locator(".card").Filter(new() { HasText = "ok" }).Locator(".figure")).ToHaveTextAsync("1");
        await row.Locator("td a").First.ClickAsync();
        await Expect(page.Locator(".log")).ToContainTextAsync("report of disks of the page");
        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_execution_is_paused_resumed_and_aborted_on_its_page_and_approved_by_another_key()
    {
        await _data.Manifest("page-slow", "takes its time", needsApproval: true, script: "sleep 100");
        var id = await _data.Execution("page-slow");
        var key = await fleet.Client.NewKey("approver", role: "operator");
        var page = await fleet.LogIn(_browser, $"/ui/executions/{id}", key.Key);
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("awaiting approval");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(page.Locator(".matrix tbody tr")).ToContainTextAsync("running"); // else its row says what became of it
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Abort", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Abort it" }).ClickAsync();
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("aborted");
        await Expect(page.Locator(".matrix .state")).ToHaveTextAsync("failed");
    }

    [Fact]
    public async Task Runs_are_compared_and_what_came_of_them_is_written_on_their_pages()
    {
        var name = $"page-{Guid.NewGuid():N}";
        var (first, second) = (await _data.Run(name, 0), await _data.Run(name, 2));
        var page = await fleet.LogIn(_browser, $"/ui/experiments?text={name}&metric=loss<9");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await page.GotoAsync($"/ui/experiments?text={name}&metric=loss<6");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1); // the second one, whose last is 5
        await page.GotoAsync($"/ui/experiments?text={name}");
        foreach (var run in (string[])[first, second])
            await page.GetByLabel($"Choose run {run}").CheckAsync();
        await page.GetByText("Compare 2 runs").ClickAsync();
        await Expect(page.Locator(".plot-box .line")).ToHaveCountAsync(2);
        await Expect(page.Locator("table")).ToContainTextAsync("7 (from 7 to 10)");
        var paths = await page.Locator(".plot-box .line").EvaluateAllAsync<string[]>("all => all.map(one => one.getAttribute('d'))");
        paths.Count(path => path.Split('L').Length == 4).ShouldBe(2); // four points each
        paths.Distinct().Count().ShouldBe(2);

        await page.GotoAsync($"/ui/experiments/{second}");
        await page.GetByLabel("Hypothesis").FillAsync("Two is better.");
        await page.GetByLabel("Tags, with commas").FillAsync("small, quick");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save why" }).ClickAsync();
        await Expect(page.GetByText("It is saved.").First).ToBeVisibleAsync();
        await page.Locator("select").SelectOptionAsync("validates");
        await page.GetByLabel("Summary").FillAsync("It is.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save outcome" }).ClickAsync();
        await Expect(page.Locator(".head")).ToContainTextAsync("validates");
        await page.GetByLabel("A note").FillAsync("See the log.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write it down" }).ClickAsync();
        await Expect(page.Locator("#content")).ToContainTextAsync("See the log.");
        using var client = fleet.Library();
        var said = await client.Experiments.Show(second);
        (said.Narrative.Hypothesis, said.Outcome, said.OutcomeSummary, said.Notes.Single().Note).ShouldBe(("Two is better.", "validates", "It is.", "See the log."));
        said.Narrative.Tags.ShouldBe(["small", "quick"]);
        await page.GotoAsync("/ui/experiments?tag=quick&outcome=validates");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_snapshots_are_compared_by_an_agent_and_lifecycles_and_queues_are_those_of_the_fleet()
    {
        var (first, second) = await new ConsoleData(fleet).Vault("diffed");
        var page = await fleet.LogIn(_browser, $"/ui/backups/diff?a={first}&b={second}&repository=diffed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare them" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "<i>italic<i>.txt" })).ToContainTextAsync("changed");
        await page.GotoAsync("/ui/about");
        await Expect(page.Locator("svg[data-family=turn] [data-state=lost]")).ToBeVisibleAsync();
        await Expect(page.Locator("svg[data-family=job] [data-state=succeeded] .count")).Not.ToHaveTextAsync("");
        await Expect(page.Locator("svg[data-family=turn] [data-state=completed] .count")).Not.ToHaveTextAsync("");
        await page.GotoAsync("/ui/queues");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Queues" })).ToContainTextAsync("fleet-jobs");
        await page.GotoAsync("/ui/backups?tab=calendar");
        await Expect(page.Locator("table.heat")).ToContainTextAsync(FleetScripts.Wide);
        _browser.Errors.ShouldBeEmpty();
    }
}
