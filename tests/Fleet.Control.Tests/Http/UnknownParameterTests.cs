using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Fleet.Control.Tests.Library;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

/// <summary>A parameter that nobody reads is refused by its name, on every route of the native API.</summary>
public sealed class UnknownParameterTests(LibraryFleet fleet) : IClassFixture<LibraryFleet>
{
    private const string SomeId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /// <summary>Wires whose clients send what they like.</summary>
    private static readonly string[] Others =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models", "/v1/responses"];

    [Fact]
    public async Task Every_route_refuses_what_it_does_not_know()
    {
        var seen = 0;
        foreach (var (method, route) in Routes())
        {
            var path = Regex.Replace(route, "{[^}]*}", part => part.Value.Contains(":int", StringComparison.Ordinal) ? "1" : SomeId);
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?colour=green");
            if (method is "POST" or "PUT" or "PATCH")
                request.Content = JsonContent.Create(new { });
            using var answer = await fleet.Http.SendAsync(request);
            if ((int)answer.StatusCode is 401 or 403)
                continue; // for agents alone
            ((int)answer.StatusCode).ShouldBe(400, $"{method} {path}");
            var problem = await answer.Problem(400, "invalid_field");
            problem.GetProperty("errors").TryGetProperty("colour", out _).ShouldBeTrue($"{method} {path}");
            seen++;
        }

        seen.ShouldBeGreaterThan(80);
    }

    [Fact]
    public async Task Agents_are_found_by_state_label_and_filter()
    {
        await using var plain = await fleet.Agent(fleet.NewName());
        await using var big = await fleet.Agent(fleet.NewName(), pool: "big", slots: new() { ["noop"] = 3 });
        (await Names($"label=pool=big&filter=name:{big.Name},{plain.Name}")).ShouldBe([big.Name]);
        (await Names($"state=online&filter=name:{big.Name},{plain.Name}")).ShouldBe([big.Name, plain.Name], ignoreOrder: true);
        (await Names($"state=offline,revoked&filter=name:{big.Name}")).ShouldBeEmpty();
        (await Names($"label=pool=nomatch")).ShouldBeEmpty();
        (await Names($"filter={Uri.EscapeDataString($"name:{big.Name},{plain.Name} not label.pool:big")}")).ShouldBe([plain.Name]);
        (await Names($"filter={Uri.EscapeDataString($"name:{big.Name},{plain.Name} label.pool~^b.g$ slots.noop>=3")}")).ShouldBe([big.Name]);
        foreach (var (query, field) in new[]
            { ("state=dancing", "state"), ("label=x", "label"), ("filter=colour:x", "filter"), ("filter=name~(", "filter") })
        {
            using var refused = await fleet.Http.GetAsync($"/v1/agents?{query}");
            (await refused.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(query);
        }
    }

    private async Task<string[]> Names(string query)
    {
        using var answer = await fleet.Http.GetAsync($"/v1/agents?limit=200&{query}");
        return [.. (await answer.Json(200)).GetProperty("items").EnumerateArray().Select(agent => agent.GetProperty("name").GetString()!)];
    }

    private IEnumerable<(string Method, string Route)> Routes() =>
        from route in fleet.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + route.RoutePattern.RawText!.Trim('/')
        where path.StartsWith("/v1/", StringComparison.Ordinal)
            && !Others.Any(wire => path.StartsWith(wire, StringComparison.Ordinal))
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        orderby path, method
        select (method, path);
}
