using Microsoft.Playwright;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// Debian's Chromium as a user has it who was never here: an empty profile that goes when it is closed. It speaks to this
/// machine alone. Whatever a page reports as an error is kept.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>No sandbox, as tests may run as root, where it has none; and nothing that it does of its own accord.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;
    private readonly IBrowserContext _user;
    private readonly List<string> _errors = [];
    private readonly List<string> _failures = [];

    private Browser(IPlaywright driver, IBrowser browser, IBrowserContext user)
    {
        (_driver, _browser, _user) = (driver, browser, user);
        user.WebError += (_, wrong) => Keep(_errors, wrong.Error);
        user.Console += (_, said) =>
        {
            if (said.Type == "error")
                Keep(_failures, said.Text);
        };
        user.RequestFailed += (_, request) =>
        {
            if (request.Failure != "net::ERR_ABORTED") // the page was left meanwhile
                Keep(_failures, $"{request.Url}: {request.Failure}");
        };
        user.Response += (_, answer) =>
        {
            if (answer.Status >= 400)
                Keep(_failures, $"{answer.Url}: {answer.Status}");
        };
        user.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
    }

    /// <summary>What scripts of the pages threw and nobody caught.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
                return [.. _errors];
        }
    }

    /// <summary>Requests that failed, and what else the browser reports as an error, such as what a policy forbids.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failures)
                return [.. _failures];
        }
    }

    /// <param name="home">Paths of pages are below it.</param>
    public static async Task<Browser> Start(Uri home)
    {
        if (!File.Exists(Chromium))
            throw new InvalidOperationException($"There is no {Chromium}: install Debian's package chromium.");
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Headless = true,
            Args = Arguments,
        });
        return new Browser(driver, browser, await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = home.ToString() }));
    }

    /// <summary>A tab that shows this page.</summary>
    public async Task<IPage> Open(string path)
    {
        var page = await _user.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>What pages reported up to now is forgotten.</summary>
    public void Forget()
    {
        lock (_failures)
            _failures.Clear();
        lock (_errors)
            _errors.Clear();
    }

    /// <summary>Its cookies, as the browser keeps them.</summary>
    public async Task<IReadOnlyList<BrowserContextCookiesResult>> Cookies() => await _user.CookiesAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _driver.Dispose();
    }

    private static void Keep(List<string> list, string error)
    {
        lock (list)
            list.Add(error);
    }
}
