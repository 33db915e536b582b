using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Control.Models;

/// <summary>
/// Waits for the answer to a call on behalf of whoever made it. A failure before the first piece has a status of its
/// own; a later one is said in the words of the wire, as the last thing.
/// </summary>
internal sealed class AnswerSender(ModelSettings settings, CallerSettings callers, IHostApplicationLifetime life)
{
    /// <summary>Names the job of a call in its answer.</summary>
    public const string JobHeader = "Fleet-Job-Id";

    private readonly TimeSpan _quiet = TimeSpan.FromSeconds(settings.QuietSeconds);

    /// <summary>The answer as a whole.</summary>
    public Task<IResult> Send(HttpContext context, ModelCall call, IAnswerFormat format) =>
        Attend(context, call, () => Whole(context, call, format));

    /// <param name="inPieces">As it comes, each piece at once.</param>
    public Task<IResult> Send(HttpContext context, ModelCall call, IPieceFormat format, bool inPieces) =>
        Attend(context, call, () => inPieces ? Stream(context, call, format) : Whole(context, call, format));

    private async Task<IResult> Attend(HttpContext context, ModelCall call, Func<Task<IResult>> answer)
    {
        context.Response.Headers[JobHeader] = WireId.Format(call.Job);
        if (call.IsRepeated)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        try
        {
            return await answer();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // a process that stops breaks its answers off too, and that is not the caller's will
            if (callers.CancelOnDisconnect && !call.IsRepeated && !life.ApplicationStopping.IsCancellationRequested)
                await call.Cancel("its caller, who went away");
            throw;
        }
    }

    private async Task<IResult> Whole(HttpContext context, ModelCall call, IAnswerFormat format) =>
        await call.Wait(_quiet, context.RequestAborted) switch
        {
            EndPiece end => Results.Json(format.Whole(end.Result), OllamaAnswer.Json),
            FailurePiece failure => failure.Failure.ToProblem(),
            _ => throw new InvalidOperationException("A call ends with an end or a failure."),
        };

    private async Task<IResult> Stream(HttpContext context, ModelCall call, IPieceFormat format)
    {
        var response = context.Response;
        try
        {
            await foreach (var pieces in call.Follow(_quiet, context.RequestAborted))
            {
                if (!response.HasStarted)
                {
                    if (pieces[0] is FailurePiece first)
                        return first.Failure.ToProblem();
                    Begin(response, format.ContentType);
                }

                foreach (var piece in pieces)
                    format.Write(response.BodyWriter, piece);
                await response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception failure) when (response.HasStarted && DatabaseFailure.IsPassing(failure))
        {
            var broken = CallFailure.BrokeOff(WireId.Format(call.Job));
            format.Write(response.BodyWriter, new FailurePiece(default, broken));
            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        return Results.Empty;
    }

    private static void Begin(HttpResponse response, string contentType)
    {
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
