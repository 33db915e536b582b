using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Tours;

/// <summary><c>compose/tour.http</c> and the files in <c>compose/tour</c>: all of the API, to be sent by hand.</summary>
[Collection(TourFleet.Name)]
public sealed class TourTests(TourFleet fleet)
{
    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete"];

    private static readonly List<HttpFile> Files =
    [
        HttpFile.Read(Path.Combine(Checkout.Root, "compose", "tour.http")),
        .. Directory.GetFiles(Path.Combine(Checkout.Root, "compose", "tour"), "*.http").Order(StringComparer.Ordinal).Select(HttpFile.Read),
    ];

    [Fact]
    public async Task The_tour_runs_from_top_to_bottom_twice()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        var edge = fleet.Scripts.Ports.EdgeUrl.ToString().TrimEnd('/');
        var given = new Dictionary<string, string> { ["fleet"] = edge, ["key"] = fleet.Home.AdminKey };
        for (var round = 1; round <= 2; round++)
        {
            foreach (var file in Files)
                (await new HttpFileRun(file, http, given).Complaints()).ShouldBeEmpty($"round {round}");
        }
    }

    [Fact]
    public async Task Every_public_operation_is_in_the_tour()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var reference = JsonDocument.Parse(await http.GetStringAsync("openapi/v1.json"));
        var toured = Files.SelectMany(file => file.Steps).Select(step => $"{step.Method} {PathOf(step.Url)}").ToHashSet();
        var operations = reference.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(one => Methods.Contains(one.Name)).Select(one => (Method: one.Name.ToUpperInvariant(), path.Name))).ToList();
        operations.Count.ShouldBeGreaterThan(250);
        operations.Where(one => !toured.Any(Pattern(one.Method, one.Name).IsMatch)).ShouldBeEmpty();
    }

    private static string PathOf(string url) => url.Replace("{{fleet}}", "", StringComparison.Ordinal).Split('?')[0];

    /// <summary>A part of a path that is a variable there is anything here.</summary>
    private static Regex Pattern(string method, string path)
    {
        var parts = Regex.Replace(Regex.Escape(path), @"\\\{[^}]+}", "[^/]+");
        return new Regex($"^{method} {parts}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
