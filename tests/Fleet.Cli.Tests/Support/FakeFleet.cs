using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Fleet.Client;
using Microsoft.Extensions.Logging;

namespace Fleet.Cli.Tests.Support;

/// <summary>A server that answers as Control does, with what a test has put there; what is not there is a 404 as Control's.</summary>
public sealed class FakeFleet : IAsyncLifetime
{
    public const string Key = "fk_test";

    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new();
    private WebApplication _app = null!;

    public Uri Url => new(_app.Urls.First());

    /// <summary>Everything that was asked, in order.</summary>
    internal ConcurrentQueue<Asked> Requests { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Answer);
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Another test's answers are gone.</summary>
    public void Clear()
    {
        _routes.Clear();
        Requests.Clear();
    }

    internal void On(string route, Func<HttpContext, Task> answer) => _routes[route] = answer;

    /// <summary>What answers a route now.</summary>
    internal Func<HttpContext, Task> AnswerOf(string route) => _routes[route];

    /// <summary>What answers where nothing else does.</summary>
    internal void OnAny(Func<HttpContext, Task> answer) => _routes[""] = answer;

    /// <param name="route">As <c>GET /v1/jobs</c>; queries are passed over.</param>
    internal void On(string route, object body, int status = 200) => On(route, context => Write(context, status, body));

    internal void Refuses(string route, int status, string code, string detail, object? errors = null) => On(
        route,
        context => Write(context, status, new { title = "No", status, detail, code, trace_id = "t1", errors = errors ?? new { } }, "application/problem+json"));

    /// <summary>Events of work, the first with the number 1; a connection begins behind <c>Last-Event-ID</c>.</summary>
    /// <param name="atOnce">A connection ends after so many.</param>
    internal void Streams(string route, IReadOnlyList<(string Type, object? Data)> events, int atOnce = int.MaxValue) => On(route, async context =>
    {
        context.Response.ContentType = "text/event-stream";
        var after = int.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last : 0;
        for (var i = after; i < events.Count && i < after + (long)atOnce; i++)
        {
            var data = JsonSerializer.Serialize(events[i].Data, FleetJson.Options);
            await context.Response.WriteAsync($"id: {i + 1}\nevent: {events[i].Type}\ndata: {data}\n\n");
            await context.Response.Body.FlushAsync();
        }
    });

    internal static async Task Write(HttpContext context, int status, object body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body as string ?? JsonSerializer.Serialize(body, FleetJson.Options));
    }

    private async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var route = $"{context.Request.Method} {context.Request.Path}";
        Requests.Enqueue(new Asked(
            route, context.Request.QueryString.Value ?? "", body.ToArray(), context.Request.Headers["Idempotency-Key"],
            context.Request.Headers.Authorization, context.Request.Headers["Last-Event-ID"]));
        if (_routes.TryGetValue(route, out var answer) || _routes.TryGetValue("", out answer))
            await answer(context);
        else
            await Write(context, 404, new { title = "Not Found", status = 404, detail = "There is no such page.", code = "not_found" }, "application/problem+json");
    }

    internal sealed record Asked(string Route, string Query, byte[] Bytes, string? IdempotencyKey, string? Authorization, string? LastEventId)
    {
        public string Body => Encoding.UTF8.GetString(Bytes);

        public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
    }
}
