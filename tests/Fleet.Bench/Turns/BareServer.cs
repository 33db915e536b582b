using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Bench.Turns;

/// <summary>
/// The least that can be done: Kestrel, and a loop for each watcher that writes one event a word. Nothing is stored, and
/// nobody asks for a key. Runs as a process of its own, so that what it costs can be told apart.
/// </summary>
internal static class BareServer
{
    public const string Command = "bare-server";

    private static readonly ConcurrentDictionary<string, Answer> Answers = new();

    /// <summary>Prints its address, and serves until its input ends.</summary>
    public static async Task<int> Run(int words)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapPost("/answers/{id}", (string id) => { Answers[id] = new Answer(words); });
        app.MapGet("/answers/{id}/events", (string id, HttpContext http) => Watch(Answers[id], http));
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task Watch(Answer answer, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync();
        for (var word = 1; word <= answer.Words; word++)
        {
            await answer.Due(word, http.RequestAborted);
            var text = string.Create(CultureInfo.InvariantCulture, $"{(word > 1 ? " " : "")}w{word}");
            await http.Response.WriteAsync($"id: {word}\nevent: delta\ndata: {{\"text\":\"{text}\",\"attempt\":1}}\n\n");
        }

        await http.Response.WriteAsync("event: end\ndata: {}\n\n");
    }

    /// <summary>The words of an answer come at fixed times, as those of a model do.</summary>
    private sealed class Answer(int words)
    {
        private readonly DateTime _begun = DateTime.UtcNow + WatchPhase.Quiet;

        public int Words => words;

        public Task Due(int word, CancellationToken stop)
        {
            var wait = _begun + word * TimeSpan.FromSeconds(1) / WatchPhase.PerSecond - DateTime.UtcNow;
            return wait > TimeSpan.Zero ? Task.Delay(wait, stop) : Task.CompletedTask;
        }
    }
}
