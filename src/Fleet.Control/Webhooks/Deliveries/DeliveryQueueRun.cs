using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>Tells what is owed in one queue, one after another, until something fails or nothing is left.</summary>
internal sealed class DeliveryQueueRun(
    DeliveryQueues queues,
    WebhookCall call,
    WebhookBody bodies,
    Circuits circuits,
    RetryPauses pauses,
    WebhookSettings settings,
    DatabaseClock clock,
    ILogger<DeliveryQueueRun> logger)
{
    /// <summary>After that the queue is given back, so that a long one does not keep others waiting.</summary>
    private const int MostInARow = 20;

    public async Task Run(ClaimedQueue queue, CancellationToken stop)
    {
        try
        {
            for (var told = 0; told < MostInARow; told++)
            {
                if (await queues.Next(queue, stop) is not { } next)
                    return;
                if (!await Tell(queue, next, stop))
                    return;
            }

            await queues.Release(queue, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await queues.Release(queue, CancellationToken.None);
        }
        catch (Exception failure)
        {
            WebhookLog.NotStored(logger, queue.About, failure.Message); // its claim runs out, and it is told again
        }
    }

    /// <summary>Whether the next one may follow at once.</summary>
    private async Task<bool> Tell(ClaimedQueue queue, NextDelivery next, CancellationToken stop)
    {
        var made = await Call(queue, next, stop);
        if (made.Outcome.IsGone && !queue.IsJobs && await queues.Disable(queue.EndpointId, made.Outcome.Error!, stop))
            WebhookLog.Disabled(logger, queue.EndpointId, made.Outcome.Error!);
        Weigh(queue, made.Outcome);
        if (made.Outcome.Error is not { } error)
        {
            await queues.Settle(queue, next.Delivery.Id, made, DeliverySql.Delivered, stop);
            return true;
        }

        var failures = next.Delivery.Attempts + 1;
        if (made.Outcome.IsFinal || failures >= (queue.IsJobs ? settings.ReportEvents : settings.EndpointAttempts))
        {
            WebhookLog.Dead(logger, next.Delivery.Type, queue.About, queue.Target, error);
            await queues.Settle(queue, next.Delivery.Id, made, DeliverySql.Dead, stop);
            return true;
        }

        await queues.Postpone(queue, next.Delivery.Id, made, pauses.After(failures, made.Outcome.RetryAfter), stop);
        return false;
    }

    private async Task<CallRecord> Call(ClaimedQueue queue, NextDelivery next, CancellationToken stop)
    {
        if (next.Url is null)
            return NoCall(null, "The endpoint is deleted.");
        if (!next.Enabled)
            return NoCall(next.Url, "The endpoint is disabled.");
        if (!WebhookRules.IsUrl(next.Url, out var url))
            return NoCall(next.Url, "The URL is not an absolute http or https URL without a user.");
        var body = await bodies.Of(next.Delivery, stop);
        var headers = WebhookHeaders.Of(next.Delivery.EventId, clock.Now, body, next.Secrets, queue.IsJobs);
        var outcome = await call.Post(url, body, headers, stop);
        return new CallRecord(next.Url, JsonSerializer.Serialize(headers, FleetJson.Options), outcome);
    }

    private static CallRecord NoCall(string? url, string why) => new(url, null, CallOutcome.Refused(why));

    private void Weigh(ClaimedQueue queue, CallOutcome outcome)
    {
        if (outcome.Error is null)
            circuits.Succeeded(queue.Target);
        else if (outcome.TellsOfTrouble)
            circuits.Failed(queue.Target, queue.About);
    }
}
