using Fleet.EchoModel.Aichat;

namespace Fleet.EchoModel;

/// <summary>Waits and fails as it was told. Whoever uses it writes words.</summary>
internal sealed class EchoPace(HttpContext context, EchoBehaviour behaviour)
{
    private int _words;

    private bool IsTurn => context.Request.Path.StartsWithSegments("/chat", StringComparison.Ordinal);

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Whether the answer is to stop here without its last mark.</summary>
    public bool IsOver { get; private set; }

    /// <summary>True when the whole answer is the fault: it is written already.</summary>
    public async Task<bool> Begin(EchoModels models, string model)
    {
        if (models.Load(model))
            await Wait(behaviour.LoadDelayMs);
        await Wait(behaviour.FirstDelayMs);
        switch (behaviour.Fault)
        {
            case EchoFault.Status:
                await Refuse(behaviour.Status, behaviour.Error ?? "the upstream has no time");
                return true;
            case EchoFault.OutOfMemory:
                await Refuse(500, behaviour.Error ?? "model requires more system memory (5.6 GiB) than is available (2.1 GiB)");
                return true;
            case EchoFault.Reset:
                context.Abort();
                return true;
            default:
                return behaviour.AfterWords == 0 && await Fail();
        }
    }

    /// <summary>Before a word is written. True when the answer is over.</summary>
    public async Task<bool> Word()
    {
        if (_words > 0)
            await Wait(behaviour.WordDelayMs);
        if (_words > 0 && _words == behaviour.AfterWords && await Fail())
            return true;
        _words++;
        return false;
    }

    /// <summary>Before the last mark, where fewer words came than the fault waits for. True when the answer is over.</summary>
    public async Task<bool> End() => behaviour.Fault is not null && behaviour.AfterWords > 0 && await Fail();

    private async Task<bool> Fail()
    {
        switch (behaviour.Fault)
        {
            case EchoFault.Silent:
                await Task.Delay(Timeout.Infinite, Aborted);
                return true;
            case EchoFault.Cut:
                await context.Response.StartAsync(Aborted);
                await context.Response.Body.FlushAsync(Aborted);
                await Task.Delay(50, Aborted); // what was written is on its way before the reset overtakes it
                context.Abort();
                return true;
            case EchoFault.Unfinished:
                return true;
            case EchoFault.Rubbish:
                await context.Response.WriteAsync("<html>no model here</html>\n", Aborted);
                return true;
            case EchoFault.Error:
                await context.Response.WriteAsync(ErrorLine(), Aborted);
                return true;
            default:
                return false;
        }
    }

    private string ErrorLine()
    {
        var error = behaviour.Error ?? "an error was encountered while running the model";
        if (IsTurn)
        {
            var turn = behaviour.Aichat ?? new AichatBehaviour();
            return $"data: {EchoJson.Text(new { type = "error", turn.Code, message = error, turn.Retryable })}\n\n";
        }

        return context.Response.ContentType == "text/event-stream"
            ? $"data: {EchoJson.Text(new { error = new { message = error } })}\n\n"
            : EchoJson.Text(new { error }) + "\n";
    }

    private Task Refuse(int status, string error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        object body = IsTurn ? new { error = new { code = "upstream_error", message = error } }
            : context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? new { error = new { message = error, type = "api_error" } }
            : new { error };
        return context.Response.WriteAsync(EchoJson.Text(body), Aborted);
    }

    private Task Wait(int milliseconds) => milliseconds > 0 ? Task.Delay(milliseconds, Aborted) : Task.CompletedTask;
}
