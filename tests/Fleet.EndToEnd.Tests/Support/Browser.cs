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

    private Browser(IPlaywright driver, IBrowser browser, IBrowserContext user)
    {
        (_driver, _browser, _user) = (driver, browser, user);
        user.WebError += (_, wrong) => Keep(wrong.Error);
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

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _driver.Dispose();
    }

    private void Keep(string error)
    {
        lock (_errors)
            _errors.Add(error);
    }
}
