using Fleet.EchoModel;
using Fleet.EchoModel.Aichat;
using Fleet.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>Paliad's pages as a user meets them: in a real browser, through the edge.</summary>
[Collection(ChatFleet.Name)]
public sealed class PaliadBrowserTests(ChatFleet fleet) : IAsyncLifetime
{
    private Browser _browser = null!;

    public async Task InitializeAsync() => _browser = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);

    public async Task DisposeAsync()
    {
        fleet.Echo.Script.Clear();
        await _browser.DisposeAsync();
    }

    [Fact]
    public async Task A_user_signs_in_asks_sees_the_answer_come_and_has_it_after_a_reload()
    {
        var page = await SignIn();
        fleet.Echo.Script.Set(new EchoBehaviour(Words: 30, Aichat: new AichatBehaviour(Stepwise: true)), ChatFleet.Persona);
        await Ask(page, "count for me");
        Step(3);
        await Expect(Answer(page)).ToContainTextAsync("w3");
        (await Answer(page).TextContentAsync())!.ShouldNotContain("w30"); // it is still coming
        await Expect(page.Locator("#stop")).ToBeEnabledAsync();

        var other = await _browser.Open("/paliadin"); // in the middle of it
        await Expect(Answer(other)).ToContainTextAsync("w3");
        Step(27);
        await Expect(Answer(other)).ToHaveTextAsync(Words(30));
        await Expect(Answer(page)).ToHaveTextAsync(Words(30));
        await Expect(page.Locator("#stop")).ToBeDisabledAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".question")).ToHaveTextAsync("count for me");
        await Expect(Answer(page)).ToHaveTextAsync(Words(30));
        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_stops_an_answer_and_keeps_what_came_of_it()
    {
        var page = await SignIn();
        fleet.Echo.Script.Set(new EchoBehaviour(WordDelayMs: 250, Words: 1000), ChatFleet.Persona);
        await Ask(page, "count without end");
        await Expect(Answer(page)).ToContainTextAsync("w3");
        await page.ClickAsync("#stop");
        await Expect(page.Locator(".note").Last).ToContainTextAsync("Ended early");
        await Expect(page.Locator("#stop")).ToBeDisabledAsync();
        var kept = await Answer(page).TextContentAsync();
        kept.ShouldNotBeNull().ShouldStartWith("w1 w2 w3");
        await page.ReloadAsync();
        await Expect(Answer(page)).ToHaveTextAsync(kept);
        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_that_a_model_says_is_run_and_no_page_runs_what_is_not_its_own()
    {
        const string evil = """<script>window.owned = 1</script><img src="x" onerror="window.owned = 1"><b>bold</b>""";
        var page = await SignIn();
        await Ask(page, evil);
        await Expect(Answer(page)).ToHaveTextAsync(evil);
        (await page.Locator("#turns script, #turns img, #turns b").CountAsync()).ShouldBe(0);
        var monitoring = await _browser.Open("/admin/paliadin");
        await Expect(monitoring.Locator("#turns")).ToContainTextAsync(evil);
        foreach (var one in (IPage[])[page, monitoring])
        {
            (await one.EvaluateAsync<bool>("() => 'owned' in window")).ShouldBeFalse();
            (await one.EvaluateAsync<string[]>(Smuggle))
                .ShouldBe(["script-src-elem", "script-src-attr", "img-src"], ignoreOrder: true);
            (await one.EvaluateAsync<bool>("() => 'owned' in window")).ShouldBeFalse();
        }

        _browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Monitoring_shows_figures_and_who_signs_out_sees_nothing_more()
    {
        var page = await SignIn();
        await Ask(page, "how is it going?");
        await Expect(Answer(page)).ToHaveTextAsync("how is it going?");
        await page.ClickAsync("text=Monitoring");
        await Expect(page.Locator("#stats tr").First).ToContainTextAsync("Turns");
        await Expect(page.Locator("#turns tr").First).ToContainTextAsync("how is it going?");
        await page.ClickAsync("text=Chat");
        await page.ClickAsync("text=Sign out");
        await page.WaitForURLAsync("**/sign-in");
        (await page.GotoAsync("/paliadin"))!.Status.ShouldBe(404);
        _browser.Errors.ShouldBeEmpty();
    }

    /// <summary>What a page would do that was talked into it; the kinds of things of which the browser kept it.</summary>
    private const string Smuggle =
        """
        () => new Promise((resolve) => {
          const kept = [];
          document.addEventListener('securitypolicyviolation', (event) => {
            if (kept.push(event.effectiveDirective) === 3) resolve(kept);
          });
          const script = document.createElement('script');
          script.textContent = 'window.owned = 1';
          document.body.append(script);
          const button = document.createElement('button');
          button.setAttribute('onclick', 'window.owned = 1');
          document.body.append(button);
          button.click();
          const image = document.createElement('img');
          image.src = 'http://127.0.0.1:9/leak';
          document.body.append(image);
        })
        """;

    /// <summary>The echo says so many words more.</summary>
    private void Step(int words)
    {
        for (var word = 0; word < words; word++)
            fleet.Echo.Step();
    }

    private async Task<IPage> SignIn()
    {
        var page = await _browser.Open("/sign-in");
        await page.FillAsync("[name=key]", fleet.Home.AdminKey);
        await page.ClickAsync("text=Sign in >> nth=-1");
        await page.WaitForURLAsync("**/paliadin");
        return page;
    }

    private static async Task Ask(IPage page, string question)
    {
        await page.FillAsync("#message", question);
        await page.ClickAsync("#ask button:has-text('Ask')");
    }

    private static ILocator Answer(IPage page) => page.Locator(".answer").Last;

    private static string Words(int count) => string.Join(' ', Enumerable.Range(1, count).Select(number => $"w{number}"));
}
