using System.Net;
using System.Text.RegularExpressions;

namespace Fleet.Control.Tests.Chat.Paliad;

/// <summary>The pages of paliad, and how a browser comes to them.</summary>
public sealed partial class PaliadPageTests(PaliadFleet fleet) : IClassFixture<PaliadFleet>, IDisposable
{
    private static readonly string[] Files =
        ["/paliadin", "/admin/paliadin", "/paliadin/chat.js", "/paliadin/admin.js", "/paliadin/style.css"];

    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = fleet.Http.BaseAddress,
    };

    [Fact]
    public async Task A_key_in_a_cookie_opens_the_pages_and_their_wire_and_nothing_else()
    {
        var key = fleet.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        using var signed = await SignIn(key);
        (signed.StatusCode, signed.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.SeeOther, "/paliadin"));
        var cookie = signed.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldBe($"paliad={key}; path=/; samesite=strict; httponly");
        foreach (var path in (string[])[.. Files, "/api/paliadin/history", "/api/admin/paliadin/turns"])
        {
            (await Get(path, key)).Status.ShouldBe(200, path);
            foreach (var met in (IEnumerable<(int, string)>)[await Get(path), await Get(path, "wrong"), await Get(path, key, "cross-site")])
                met.ShouldBe((404, "404 page not found\n"), path);
        }

        (await Get("/v1/whoami", key)).Status.ShouldBe(401);
        using var left = await Post("/paliadin/sign-out", new Dictionary<string, string>(), key);
        left.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("paliad=; expires=Thu, 01 Jan 1970");
    }

    [Fact]
    public async Task A_key_that_is_not_the_owners_is_refused_in_the_same_way_as_none()
    {
        using var reader = await fleet.WithScopes("chat:read");
        foreach (var key in (string[])["", "wrong", reader.DefaultRequestHeaders.Authorization!.Parameter!])
        {
            using var refused = await SignIn(key);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            refused.Headers.Contains("Set-Cookie").ShouldBeFalse();
            (await refused.Content.ReadAsStringAsync()).ShouldBe((await Get("/sign-in")).Body);
        }
    }

    [Fact]
    public async Task Pages_run_scripts_of_their_own_only_and_put_what_was_said_in_as_text()
    {
        foreach (var path in (string[])[.. Files, "/sign-in"])
        {
            using var answer = await fleet.Http.GetAsync(path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'; ");
            var text = await answer.Content.ReadAsStringAsync();
            Dangerous().Matches(text).Select(found => found.Value).ShouldBeEmpty(path);
        }
    }

    public void Dispose() => _browser.Dispose();

    private Task<HttpResponseMessage> SignIn(string key) => Post("/sign-in", new Dictionary<string, string> { ["key"] = key });

    private async Task<HttpResponseMessage> Post(string path, Dictionary<string, string> form, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (key is not null)
            request.Headers.Add("Cookie", $"paliad={key}");
        return await _browser.SendAsync(request);
    }

    private async Task<(int Status, string Body)> Get(string path, string? key = null, string? site = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("Cookie", $"paliad={key}");
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await _browser.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|<script>|\son\w+=|style=|https?:")]
    private static partial Regex Dangerous();
}
