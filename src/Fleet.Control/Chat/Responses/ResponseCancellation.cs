using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Responses;

/// <summary>Asks for the end of a response, and waits a moment for it.</summary>
internal sealed class ResponseCancellation(
    WorkOperations operations, ResponseReader reader, CallerSettings callers, IHostApplicationLifetime life, TimeProvider clock)
{
    /// <summary>A stop reaches the upstream within a second; who asked is not kept for longer than this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Whoever waited for the response, or followed it from its beginning, went away before its end.</summary>
    public async Task CallerLeft(AskedResponse asked)
    {
        // a process that stops breaks its answers off too, and that is not the caller's will
        if (callers.CancelOnDisconnect && !asked.Terms.Background && !life.ApplicationStopping.IsCancellationRequested)
            await operations.Cancel(asked.Turn.CorrelationId, TurnSpec.Kind, "its caller, who went away");
    }

    /// <summary>The response as it is then. What has ended already stays as it is.</summary>
    /// <param name="by">Who asks, for the journal.</param>
    public async Task<AskedResponse> Cancel(AskedResponse asked, string by, CancellationToken stop)
    {
        await operations.Cancel(asked.Turn.CorrelationId, TurnSpec.Kind, by);
        using var enough = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, enough.Token);
        try
        {
            await reader.Wait(asked, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // who asked sees how far it is
        }

        return await reader.Get(asked.Turn.CorrelationId, stop);
    }
}
