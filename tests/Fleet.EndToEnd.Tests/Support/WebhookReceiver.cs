using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A server that is told of jobs. While it holds, calls come in and are not answered.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Job, string State)> _taken = new();
    private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private int _held;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => $"{_app.Urls.First()}/hook";

    /// <summary>Calls that came in while it holds.</summary>
    public int Held => Volatile.Read(ref _held);

    public static async Task<WebhookReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.Take);
        await receiver._app.StartAsync();
        return receiver;
    }

    public void LetGo() => _let.TrySetResult();

    /// <summary>What it was told of a job, in order; the same twice in a row is once.</summary>
    public string[] StatesOf(string job)
    {
        var states = _taken.Where(call => call.Job == job).Select(call => call.State).ToArray();
        return [.. states.Where((state, place) => place == 0 || states[place - 1] != state)];
    }

    public ValueTask DisposeAsync()
    {
        LetGo();
        return _app.DisposeAsync();
    }

    private async Task Take(HttpContext context)
    {
        var news = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
        if (!_let.Task.IsCompleted)
        {
            Interlocked.Increment(ref _held);
            await _let.Task.WaitAsync(context.RequestAborted);
        }

        _taken.Enqueue((news.GetProperty("job_id").GetString()!, news.GetProperty("state").GetString()!));
    }
}
