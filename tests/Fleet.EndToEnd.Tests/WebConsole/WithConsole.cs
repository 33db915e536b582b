using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Fleet.EndToEnd.Tests.WebConsole;

/// <summary>Two Controls, one agent with a model that repeats what it is asked, and one web console, as <c>up.sh</c> starts them.</summary>
[CollectionDefinition(Name)]
public sealed class WithConsole() : FleetUnderTest(controls: 2, workers: 1, Told), ICollectionFixture<WithConsole>
{
    public const string Name = "with console";
    public const string Process = "console-1";

    private static readonly Dictionary<string, string> Told = new()
    {
        ["FLEET_CONSOLES"] = "1",
        ["FLEET_ECHO_MODEL"] = "1",
        ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
        ["Backups__AlertSeconds"] = "0.5",
        ["Chat__DefaultModel"] = "echo",
    };

    /// <summary>The lines of a shell that <c>up.sh</c> told newcomers to paste.</summary>
    internal string PrintedCommand => Regex.Match(Greeting, @"^(export PATH=.*\nfleet run .*)$", RegexOptions.Multiline).Groups[1].Value;

    /// <summary>The address of the console that <c>up.sh</c> printed.</summary>
    internal string PrintedAddress => Regex.Match(Greeting, @"^Console +(\S+)", RegexOptions.Multiline).Groups[1].Value;

    /// <summary>The library, which asks again where an answer is lost.</summary>
    internal global::Fleet.Client.FleetClient Library() => new(new global::Fleet.Client.FleetClientOptions
    {
        Url = Scripts.Ports.EdgeUrl,
        Key = Home.AdminKey,
    });

    /// <summary>A page after the login.</summary>
    internal async Task<IPage> LogIn(Browser browser, string path = "/ui/", string? key = null)
    {
        var page = await browser.Open(path);
        await page.FillAsync("#key", key ?? Home.AdminKey);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync(".mud-layout h1");
        return page;
    }
}
