using System.Globalization;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;
using Microsoft.Playwright;

namespace Fleet.Bench.WebConsole;

/// <summary>
/// Many open pages of the web console in a real browser: the overview while jobs run, and one job that floods its log. What a page
/// costs the console, how far behind the log is, and whether the tabs stay responsive. The browser shares the cores.
/// </summary>
internal sealed class ConsoleBenchmark(BenchOptions options, FleetHome home, FleetApi api, ProcessMeter meter, PhaseRunner phases)
{
    public const string Section = "console";
    public const string Overview = "overview";
    public const string Flood = "a flooding job";

    private const string Role = "console";
    private const int LinesPerSecond = 2000;

    /// <summary>Until what was allocated at the beginning is gone.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public async Task Run()
    {
        using var driver = await Playwright.CreateAsync();
        await using var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--no-proxy-server", "--disable-background-networking",
                "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
            ],
        });
        var user = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = home.Edge.ToString() });
        user.SetDefaultTimeout(120_000);
        await phases.Run("prepare", "log in", async _ =>
        {
            await LogIn(user);
            return [];
        });
        await phases.Run(Section, Overview, stop => Measure(user, "/ui/", Load, stop));
        await phases.Run(Section, Flood, FloodOn(user));
    }

    private async Task LogIn(IBrowserContext user)
    {
        var page = await user.NewPageAsync();
        await page.GotoAsync("/ui/");
        await page.FillAsync("#key", home.AdminKey);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync(".mud-layout h1");
        await page.CloseAsync();
    }

    private Func<CancellationToken, Task<Dictionary<string, double>>> FloodOn(IBrowserContext user) => async stop =>
    {
        var script = string.Create(CultureInfo.InvariantCulture, $$"""
            exec perl -MTime::HiRes=time,sleep -e '$|=1; $end=time+{{options.Seconds + 90}}; while(time<$end) {
              printf("%.3f some text of a line that is as long as lines are\n", time) for 1..{{LinesPerSecond / 20}}; sleep 0.05 }'
            """);
        var job = await api.SubmitScript("bench-console", script, stop);
        return await Measure(user, $"/ui/jobs/{job}", (_, cancel) => Task.Delay(Timeout.Infinite, cancel), stop);
    };

    /// <summary>Jobs come and go, so that the overview changes.</summary>
    private async Task Load(string run, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await api.SubmitNoop(run, null, stop);
            await Task.Delay(100, stop);
        }
    }

    private async Task<Dictionary<string, double>> Measure(
        IBrowserContext user, string path, Func<string, CancellationToken, Task> load, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.Delay(Settling, stop);
        var before = Memory();
        var loading = load("bench-console", over.Token);
        var pages = new List<IPage>();
        for (var i = 0; i < options.Pages; i++)
        {
            var page = await user.NewPageAsync();
            await page.GotoAsync(path);
            await page.WaitForSelectorAsync(".mud-layout h1");
            pages.Add(page);
        }

        await Task.Delay(Settling, stop);
        var figures = new Dictionary<string, double>();
        await using (var use = new UseWatch(meter))
        {
            Latencies behind = new(), frames = new();
            for (var second = 0; second < options.Seconds; second++)
            {
                foreach (var page in pages.Where((_, i) => i % 10 == second % 10))
                    await Look(page, behind, frames);
                await Task.Delay(1000, stop);
            }

            behind.AddTo(figures, "behind");
            frames.AddTo(figures, "frame");
            figures["rows_most"] = await pages[0].EvaluateAsync<int>("() => document.querySelector('.log')?.childElementCount ?? 0");
            figures["memory_per_page_kb"] = (Memory() - before) / 1e3 / options.Pages;
            await use.AddTo(figures);
        }

        foreach (var page in pages)
            await page.CloseAsync();
        await over.CancelAsync();
        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return figures;
    }

    /// <summary>How old the last line of a log is that is drawn, and how long the tab takes for one frame.</summary>
    private static async Task Look(IPage page, Latencies behind, Latencies frames)
    {
        var seen = await page.EvaluateAsync<double[]>(
            """
            async () => {
              const since = performance.now();
              await new Promise((resolve) => { setTimeout(resolve, 0); });
              const frame = performance.now() - since;
              const rows = document.querySelectorAll('.log div:not(.note)');
              const last = rows.length > 1 ? parseFloat(rows[rows.length - 2].textContent) : NaN;
              return [frame, Number.isNaN(last) ? -1 : Date.now() - last * 1000];
            }
            """);
        frames.Add(seen[0]);
        if (seen[1] >= 0)
            behind.Add(seen[1]);
    }

    private double Memory() => meter.Memory().Where(process => Roles.Of(process.Key) == Role).Sum(process => process.Value);
}
