using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Chat;

/// <summary>What a browser does with paliad's pages, through the edge.</summary>
[Collection(ChatFleet.Name)]
public sealed class PaliadPageTests(ChatFleet fleet)
{
    [Fact]
    public async Task A_browser_signs_in_asks_and_signs_out()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var browser = new HttpClient(handler) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        (await Status(browser, "/paliadin")).ShouldBe((404, "404 page not found\n"));
        using var wrong = await Post(browser, "/sign-in", ("key", "fleet_" + new string('A', 43)));
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var signed = await Post(browser, "/sign-in", ("key", fleet.Home.AdminKey));
        signed.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/paliadin");
        (await signed.Content.ReadAsStringAsync()).ShouldContain("""<script type="module" src="/paliadin/chat.js">""");
        foreach (var path in (string[])["/paliadin/chat.js", "/paliadin/style.css", "/admin/paliadin", "/paliadin/admin.js"])
            (await Status(browser, path)).Status.ShouldBe(200, path);
        using var asked = await browser.PostAsJsonAsync("/api/paliadin/turn", new { user_message = "from a page", session_id = "page" });
        var url = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sse_url").GetString()!;
        (await browser.GetStringAsync(url)).ShouldContain("event: end");

        using var left = await Post(browser, "/paliadin/sign-out");
        left.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/sign-in");
        (await Status(browser, "/paliadin")).Status.ShouldBe(404);
        (await Status(browser, url)).Status.ShouldBe(404);
    }

    private static Task<HttpResponseMessage> Post(HttpClient browser, string path, params (string Name, string Value)[] form)
    {
        var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return browser.PostAsync(path, content);
    }

    private static async Task<(int Status, string Body)> Status(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
