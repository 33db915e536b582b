using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Every page, with data of every kind in it, and names that would do harm if they could.</summary>
[Collection(WithConsole.Name)]
public sealed class PagesTests(WithConsole fleet) : IAsyncLifetime
{
    /// <summary>Not of the sources: what was seen is looked at, and thrown away.</summary>
    private static readonly string Pictures = Path.Combine(Checkout.Root, ".artifacts", "screenshots");

    /// <summary>What is wrong with the page by axe-core's rules for WCAG 2.1 A and AA.</summary>
    private const string Check =
        """
        async () => {
          const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
          return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`);
        }
        """;

    private Browser _browser = null!;

    public async Task InitializeAsync() => _browser = await Browser.Start(fleet.Scripts.Ports.EdgeUrl);

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    [Fact]
    public async Task Every_page_shows_all_of_it_as_text_without_an_error_and_can_be_used_by_everybody()
    {
        var data = new ConsoleData(fleet);
        await data.Make();
        Directory.CreateDirectory(Pictures);
        var axe = await new NodePackage(fleet.Home, "WebConsole/Axe").Read("axe-core/axe.min.js");
        var page = await fleet.LogIn(_browser);
        _browser.Forget();
        var wrong = new List<string>();
        foreach (var isDark in (bool[])[false, true])
        {
            await page.EvaluateAsync("dark => fleet.setDark(dark)", isDark);
            foreach (var (name, path) in data.Pages)
            {
                await page.GotoAsync($"/ui/{path}");
                await Settle(page);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}{(isDark ? "-dark" : "")}.png") });
                await page.EvaluateAsync(axe);
                wrong.AddRange((await page.EvaluateAsync<string[]>(Check)).Select(found => $"{name}{(isDark ? " (dark)" : "")}: {found}"));
                if (await page.EvaluateAsync<bool>("() => 'owned' in window"))
                    wrong.Add($"{name}: markup of others ran");
                if (await page.Locator(".mud-main-content").GetByRole(AriaRole.Alert).CountAsync() > (name == "job-failed" ? 1 : 0))
                    wrong.Add($"{name}: {string.Join(" / ", await page.GetByRole(AriaRole.Alert).AllInnerTextsAsync())}");
                wrong.AddRange(_browser.Errors.Concat(_browser.Failures).Where(error => name != "missing").Select(error => $"{name}: {error}"));
                _browser.Forget();
            }
        }

        wrong.ShouldBeEmpty();
        await Narrow(page, data);
    }

    [Fact]
    public async Task A_session_is_a_name_in_a_cookie_that_no_script_reads_and_no_other_site_uses()
    {
        var page = await fleet.LogIn(_browser);
        var cookie = (await _browser.Cookies()).Single(one => one.Name == "fleet-console");
        cookie.ShouldSatisfyAllConditions(
            one => one.HttpOnly.ShouldBeTrue(), one => one.SameSite.ShouldBe(SameSiteAttribute.Lax), one => one.Path.ShouldBe("/ui"));
        foreach (var text in (string[])[cookie.Value, await page.ContentAsync(), await page.EvaluateAsync<string>("() => JSON.stringify({...localStorage, ...sessionStorage})")])
            text.ShouldNotContain(fleet.Home.AdminKey);
        foreach (var file in Directory.GetFiles(fleet.Home.In("data", "console"), "*", SearchOption.AllDirectories))
            (await File.ReadAllTextAsync(file)).ShouldNotContain(fleet.Home.AdminKey);

        (await page.EvaluateAsync<string[]>(Smuggle)).ShouldBe(["script-src-elem", "script-src-attr", "img-src", "connect-src"], ignoreOrder: true);
        (await page.EvaluateAsync<bool>("() => 'owned' in window")).ShouldBeFalse();
        using var stranger = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var forged = await stranger.PostAsync("/ui/session", new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = fleet.Home.AdminKey }));
        ((int)forged.StatusCode).ShouldBe(400); // without the form's token
        (await Socket(cookie, "http://evil.example")).ShouldBe(403);
        (await Socket(cookie, fleet.Scripts.Ports.EdgeUrl.GetLeftPart(UriPartial.Authority))).ShouldBe(101);

        foreach (var (header, value) in ((string, string)[])[("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("X-Nothing", "")])
            (await LogOut(stranger, cookie, header, value)).ShouldBe(403, $"{header}: {value}");
        var other = await _browser.Open("/ui/jobs");
        await Expect(other.Locator("h1")).ToHaveTextAsync("Jobs");

        var sessions = Directory.GetFiles(fleet.Home.In("data", "console", "sessions"));
        await page.ClickAsync("text=Log out");
        await Expect(other.Locator("#key")).ToBeVisibleAsync(); // every page of the session
        await Expect(page.Locator("#key")).ToBeVisibleAsync();
        Directory.GetFiles(fleet.Home.In("data", "console", "sessions")).Length.ShouldBe(sessions.Length - 1);
        using var old = new HttpRequestMessage(HttpMethod.Get, "/ui/jobs");
        old.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var gone = await stranger.SendAsync(old);
        gone.Headers.Location!.ToString().ShouldContain("/ui/login");
    }

    [Fact]
    public async Task A_key_that_may_see_little_sees_little_and_a_revoked_one_nothing()
    {
        var made = await fleet.Client.Ask<JsonElement>(System.Net.HttpStatusCode.Created, HttpMethod.Post, "/v1/api-keys",
            FleetJson.Write(new { name = "reader", scopes = new[] { "jobs:read" } }));
        var page = await fleet.LogIn(_browser, "/ui/jobs", made.GetProperty("key").GetString());
        await page.GotoAsync("/ui/keys");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("The key may not do or see this");
        using (var revoked = await fleet.Client.Send(HttpMethod.Delete, $"/v1/api-keys/{made.GetProperty("key_id").GetString()}"))
            await revoked.Must(System.Net.HttpStatusCode.NoContent);
        await page.GotoAsync("/ui/jobs");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("not valid any more");
    }

    /// <summary>What a page would do that was talked into it; the kinds of things of which the browser kept it.</summary>
    private const string Smuggle =
        """
        () => new Promise((resolve) => {
          const kept = [];
          document.addEventListener('securitypolicyviolation', (event) => {
            if (kept.push(event.effectiveDirective) === 4) resolve(kept);
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
          fetch('http://127.0.0.1:9/leak').catch(() => {});
        })
        """;

    /// <summary>Until it shows what it has read.</summary>
    private static async Task Settle(IPage page)
    {
        await Expect(page.Locator(".mud-main-content h1")).ToBeVisibleAsync();
        await Expect(page.GetByText("Reading…")).ToHaveCountAsync(0);
        await Expect(page.GetByText("An agent is asked…")).ToHaveCountAsync(0);
        await page.WaitForTimeoutAsync(150); // what follows the first drawing, such as a chart
    }

    /// <summary>On a telephone nothing stands out of the page.</summary>
    private static async Task Narrow(IPage page, ConsoleData data)
    {
        await page.SetViewportSizeAsync(390, 844);
        foreach (var (name, path) in data.Pages.Where(one => one.Name is "overview" or "jobs" or "job-log" or "agents" or "chat"))
        {
            await page.GotoAsync($"/ui/{path}");
            await Settle(page);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-phone.png") });
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390, name);
        }
    }

    private static async Task<int> LogOut(HttpClient stranger, BrowserContextCookiesResult cookie, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ui/session/end");
        request.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        request.Headers.Add(header, value);
        using var answer = await stranger.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task<int> Socket(BrowserContextCookiesResult cookie, string origin)
    {
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.SetRequestHeader("Cookie", $"{cookie.Name}={cookie.Value}");
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(fleet.Scripts.Ports.EdgeUrl) { Scheme = "ws", Path = "/ui/_blazor" }.Uri;
        try
        {
            await socket.ConnectAsync(address, CancellationToken.None).Within();
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // refused; the status says how
        }

        return (int)socket.HttpStatusCode;
    }
}
