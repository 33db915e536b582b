using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Fleet.Control.Tests.Http.Hostile;

/// <summary>Whatever a client writes, it is told what is wrong with it: a 5xx would be repeated by libraries, in vain.</summary>
[Collection(Manifests.LoginTests.Passwords)] // logins are among the bodies, and those count comparisons
public sealed partial class HostileBodyTests(WholeControl fleet) : IClassFixture<WholeControl>
{
    private const int Seed = 20_261_130;
    private const int Bodies = 20_000;
    private const int AtOnce = 8;
    private const int MostIds = 500;

    /// <summary>Calls of models wait for their answers, which nobody gives here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<string> _ids = new(["01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    private readonly ConcurrentDictionary<int, int> _statuses = new();

    [Fact]
    public async Task No_body_on_any_route_is_answered_5xx_or_leaves_an_error_in_the_log()
    {
        var routes = Routes();
        routes.Count.ShouldBeGreaterThan(100);
        var wrong = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async number =>
        {
            var random = new Random(Seed + number);
            using var bodies = new HostileJson(random, () => Id(random));
            for (var i = 0; i < Bodies / AtOnce; i++)
            {
                var route = routes[random.Next(routes.Count)];
                if (await Send(route, bodies.Body(route.Reads), random) is { } what)
                    wrong.Enqueue(what);
            }
        }));
        wrong.Take(20).ShouldBeEmpty();
        fleet.Log.Lines.Where(IsTrouble).Take(5).ShouldBeEmpty();
        _statuses.Where(status => status.Key is >= 200 and < 300).Sum(status => status.Value).ShouldBeGreaterThan(100, "some are right");
    }

    private static bool IsTrouble(string line) =>
        line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal);

    private List<Route> Routes() =>
    [
        .. fleet.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => !route.RoutePattern.RawText!.EndsWith("/ping", StringComparison.Ordinal)) // reads none, and waits for agents
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(method => method is "POST" or "PUT" or "PATCH")
                .Select(method => new Route(method, route.RoutePattern, route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType)))
            .OrderBy(route => route.Method + route.Pattern.RawText, StringComparer.Ordinal),
    ];

    /// <summary>Null when all is well.</summary>
    private async Task<string?> Send(Route route, byte[] body, Random random)
    {
        var path = PathOf(route.Pattern, random);
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"key-{random.Next(200)}");
        if (random.Next(2) == 0)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{random.Next(3)}\"");
        using var enough = new CancellationTokenSource(Patience);
        try
        {
            using var answer = await fleet.Http.SendAsync(request, enough.Token);
            var text = await answer.Content.ReadAsStringAsync(enough.Token);
            var status = (int)answer.StatusCode;
            _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            Remember(text);
            return status < 500 ? null : $"{status} {route.Method} {path} {Encoding.Latin1.GetString(body)} -> {text}";
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return null; // accepted, and waiting
        }
    }

    private string PathOf(RoutePattern pattern, Random random)
    {
        var parts = pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { Name: "attempt" } => "1",
            RoutePatternParameterPart { Name: "name" } => Pick(random, "worker-1", "a", "x y", "ü", "a%00b", "%25", new string('n', 300)),
            _ => random.Next(10) == 0 ? Pick(random, "x", "%ED%A0%80", "resp_x", "-") : Id(random),
        })));
        return "/" + string.Join('/', parts.Select(part => Uri.EscapeDataString(Uri.UnescapeDataString(part))));
    }

    private string Id(Random random)
    {
        var known = _ids.ToArray();
        return known[random.Next(known.Length)];
    }

    private void Remember(string text)
    {
        foreach (var id in AnyId().Matches(text).Select(match => match.Value).Distinct().Take(3))
        {
            if (_ids.Count < MostIds && !_ids.Contains(id))
                _ids.Enqueue(id);
        }
    }

    private static string Pick(Random random, params string[] all) => all[random.Next(all.Length)];

    [GeneratedRegex("(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])")]
    private static partial Regex AnyId();

    private sealed record Route(string Method, RoutePattern Pattern, Type? Reads);
}
