using System.Net;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Consoles;

/// <summary>The web console behind the door.</summary>
public sealed class ConsoleRoutesTests
{
    [Fact]
    public async Task Pages_come_from_the_console_and_browsers_are_sent_there()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("control"));
        await using var console = await Backend.Start(http => http.Response.WriteAsync("console"));
        await using var door = new Door([control.Address], ("Edge:Consoles:0", console.Address));
        foreach (var path in (string[])["/ui", "/ui/", "/ui/jobs?filter=x", "/ui/_blazor"])
            (await door.Http.GetStringAsync(path)).ShouldBe("console");
        await (await door.Http.GetAsync("/uix")).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        (await door.Http.GetStringAsync("/")).ShouldBe("control");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var browser = Browser(door);
        using var sent = await browser.SendAsync(request);
        sent.StatusCode.ShouldBe(HttpStatusCode.Found);
        sent.Headers.Location!.ToString().ShouldBe("/ui/");
    }

    [Fact]
    public async Task Who_has_a_page_comes_back_to_the_same_console_until_that_is_gone()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("control"));
        var one = await Backend.Start(http => http.Response.WriteAsync("one"));
        await using var other = await Backend.Start(http => http.Response.WriteAsync("other"));
        await using var door = new Door([control.Address], ("Edge:Consoles:0", one.Address), ("Edge:Consoles:1", other.Address));
        string? cookie = null;
        while (cookie is null)
        {
            using var browser = Browser(door);
            using var first = await browser.GetAsync("/ui/");
            if (await first.Content.ReadAsStringAsync() == "one")
                cookie = first.Headers.GetValues("Set-Cookie").Single();
        }

        cookie.ShouldContain("httponly");
        cookie.ShouldContain("path=/ui");
        for (var i = 0; i < 20; i++)
            (await Ask(door, cookie)).ShouldBe("one");
        await one.DisposeAsync();
        (await Ask(door, cookie)).ShouldBe("other");
    }

    [Theory]
    [InlineData("/ui/_blazor", "http://{host}", true)]
    [InlineData("/ui/_blazor", "https://{host}", true)] // the name is what counts; a proxy in front may have ended TLS
    [InlineData("/ui/_blazor", "http://evil.example", false)]
    [InlineData("/ui/_blazor", "http://{host}.evil.example", false)]
    [InlineData("/ui/_blazor", "null", false)]
    [InlineData("/ws/agent", "http://{host}", false)]
    public async Task Only_pages_that_the_door_itself_shows_open_the_consoles_sockets(string path, string origin, bool isOpen)
    {
        await using var backend = await Backend.Start(http => http.Response.WriteAsync("reached"));
        await using var door = new Door([backend.Address], ("Edge:Consoles:0", backend.Address));
        var host = new Uri(door.Address, "/").Authority;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Origin", origin.Replace("{host}", host, StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        using var answer = await door.Http.SendAsync(request);
        (answer.StatusCode != HttpStatusCode.Forbidden).ShouldBe(isOpen);
    }

    [Fact]
    public async Task Without_a_console_there_is_none()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("control"));
        await using var door = new Door([control.Address]);
        await (await door.Http.GetAsync("/ui/")).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>Keeps no cookies and goes nowhere by itself.</summary>
    private static HttpClient Browser(Door door) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = door.Address };

    private static async Task<string> Ask(Door door, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var browser = Browser(door);
        using var answer = await browser.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
