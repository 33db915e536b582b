using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>What a newcomer does first, with what the scripts print and nothing else.</summary>
[Collection(WithConsole.Name)]
public sealed class FirstTenMinutesTests(WithConsole fleet) : IAsyncLifetime
{
    private Browser _browser = null!;

    public async Task InitializeAsync() => _browser = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    [Fact]
    public async Task The_printed_command_runs_a_job_that_the_printed_address_shows_with_its_log()
    {
        (await Shell.Run("bash", ["-c", fleet.PrintedCommand], new Dictionary<string, string>(), Eventually.Patience))
            .ShouldBe("hello\n");
        fleet.PrintedAddress.ShouldBe($"{fleet.Scripts.Ports.EdgeUrl}ui/");

        var page = await _browser.Open("/"); // browsers are sent on, programs are not
        await Expect(page).ToHaveURLAsync(new Regex("/ui/login"));
        await page.FillAsync("#key", "not a key");
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator("[role=alert]")).ToHaveTextAsync("This key is not valid.");
        await page.FillAsync("#key", fleet.Home.AdminKey);
        await page.ClickAsync("button[type=submit]");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Overview");

        await page.Keyboard.PressAsync("g"); // and with the keyboard to the jobs
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Jobs");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("state:succeeded kind:command");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("filter=state"));
        await page.Locator(".grid tbody tr a").First.ClickAsync();
        await Expect(page.Locator(".log")).ToContainTextAsync("hello");
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("succeeded");
        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_shows_what_happens_without_being_asked_and_acts_on_it()
    {
        var page = await fleet.LogIn(_browser, "/ui/jobs");
        var gate = new Gate(fleet.Home);
        var job = await fleet.Client.Submit(JobDraft.Script($"echo begins; {gate.Wait}; echo never") with { Name = "watched" });
        var row = page.Locator("tr", new PageLocatorOptions { HasText = "watched" });
        await Expect(row.Locator(".state")).ToHaveTextAsync("running");
        await row.Locator("a").First.ClickAsync();
        await Expect(page.Locator(".log")).ToContainTextAsync("begins");
        await page.ClickAsync("button:has-text('Cancel')");
        await page.ClickAsync("button:has-text('Cancel it')");
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("cancelled");
        (await fleet.Client.Show(job.JobId)).State.ShouldBe("cancelled");

        await page.ClickAsync("button:has-text('Retry')");
        await Expect(page.Locator("h1")).Not.ToContainTextAsync(job.JobId);
        gate.Open();
        await Expect(page.Locator(".head .state")).ToHaveTextAsync("succeeded");
        await Expect(page.Locator(".log")).ToContainTextAsync("never");

        await page.GotoAsync($"/ui/jobs?filter={Uri.EscapeDataString("name:watched")}");
        await page.ClickAsync("button:has-text('reprioritise')");
        await Expect(page.Locator(".sheet")).ToContainTextAsync("2 jobs are like");
        _browser.Errors.ShouldBeEmpty();
        _browser.Failures.ShouldBeEmpty();
    }
}
