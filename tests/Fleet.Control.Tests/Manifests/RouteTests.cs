using System.Net.Http.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Tests.Manifests.Support;
using Microsoft.AspNetCore.Authorization;

namespace Fleet.Control.Tests.Manifests;

public sealed class RouteTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    private static readonly string[] Ours =
        ["/v1/manifests", "/v1/scripts", "/v1/groups", "/v1/executions", "/v1/results", "/v1/accounts", "/api/"];

    [Fact]
    public async Task Every_route_asks_for_a_scope_is_audited_where_it_writes_and_tells_strangers_nothing()
    {
        using var stranger = fleet.With(null);
        using var powerless = await fleet.WithScopes("webhooks:read");
        var routes = (
            from route in fleet.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where Ours.Any(ours => route.RoutePattern.RawText!.StartsWith(ours, StringComparison.Ordinal))
                && !route.RoutePattern.RawText!.Contains("enroll", StringComparison.Ordinal)
                && route.Metadata.GetMetadata<IAllowAnonymous>() is null
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            select (Route: route, Method: method)).ToList();
        routes.Count.ShouldBeGreaterThan(60);
        foreach (var (route, method) in routes)
        {
            var what = $"{method} {route.RoutePattern.RawText}";
            if (method is not ("GET" or "HEAD"))
                route.Metadata.GetMetadata<AuditAction>().ShouldNotBeNull(what).Word.ShouldMatch("^[a-z_]+\\.[a-z_]+$", what);
            (await Send(stranger, method, route)).ShouldBe(401, what);
            if (route.RoutePattern.RawText!.StartsWith("/api/auth/", StringComparison.Ordinal))
                continue; // of whoever is logged in
            route.Metadata.GetMetadata<RequiredScope>().ShouldNotBeNull(what);
            (await Send(powerless, method, route)).ShouldBe(403, what);
            if (route.RoutePattern.RawText.StartsWith("/api/", StringComparison.Ordinal))
                route.Metadata.GetMetadata<SaysRoles>().ShouldNotBeNull(what);
        }
    }

    private static async Task<int> Send(HttpClient http, string method, RouteEndpoint route)
    {
        var path = string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
            segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart word ? word.Content : "1"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/" + path);
        if (method is "POST" or "PUT" or "PATCH")
            request.Content = JsonContent.Create(new { });
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
