using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Webhooks;

/// <summary>Tells what is owed in one lane, one after another, until something fails or nothing is left.</summary>
internal sealed class LaneRun(
    LaneLedger lanes,
    WebhookCall call,
    WebhookBody bodies,
    Circuits circuits,
    RetryPauses pauses,
    WebhookSettings settings,
    DatabaseClock clock,
    ILogger<LaneRun> logger)
{
    /// <summary>After that the lane is given back, so that a long one does not keep others waiting.</summary>
    private const int MostInARow = 20;

    public async Task Run(ClaimedLane lane, CancellationToken stop)
    {
        try
        {
            for (var told = 0; told < MostInARow; told++)
            {
                if (await lanes.Next(lane, stop) is not { } next)
                    return;
                if (!await Tell(lane, next, stop))
                    return;
            }

            await lanes.Release(lane, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await lanes.Release(lane, CancellationToken.None);
        }
        catch (Exception failure)
        {
            WebhookLog.NotStored(logger, lane.About, failure.Message); // its claim runs out, and it is told again
        }
    }

    /// <summary>Whether the next one may follow at once.</summary>
    private async Task<bool> Tell(ClaimedLane lane, NextDelivery next, CancellationToken stop)
    {
        var made = await Call(lane, next, stop);
        if (made.Outcome.IsGone && !lane.IsJobs && await lanes.Disable(lane.EndpointId, made.Outcome.Error!, stop))
            WebhookLog.Disabled(logger, lane.EndpointId, made.Outcome.Error!);
        Weigh(lane, made.Outcome);
        if (made.Outcome.Error is not { } error)
        {
            await lanes.Settle(lane, next.Delivery.Id, made, DeliverySql.Delivered, stop);
            return true;
        }

        var failures = next.Delivery.Attempts + 1;
        if (made.Outcome.IsFinal || failures >= (lane.IsJobs ? settings.JobAttempts : settings.EndpointAttempts))
        {
            WebhookLog.Dead(logger, next.Delivery.Type, lane.About, lane.Target, error);
            await lanes.Settle(lane, next.Delivery.Id, made, DeliverySql.Dead, stop);
            return true;
        }

        await lanes.Postpone(lane, next.Delivery.Id, made, pauses.After(failures, made.Outcome.RetryAfter), stop);
        return false;
    }

    private async Task<CallRecord> Call(ClaimedLane lane, NextDelivery next, CancellationToken stop)
    {
        if (next.Url is null)
            return NoCall(null, "The endpoint is deleted.");
        if (!next.Enabled)
            return NoCall(next.Url, "The endpoint is disabled.");
        if (!WebhookRules.IsUrl(next.Url, out var url))
            return NoCall(next.Url, "The URL is not an absolute http or https URL without a user.");
        var body = await bodies.Of(next.Delivery, stop);
        var headers = WebhookHeaders.Of(next.Delivery.EventId, clock.Now, body, next.Secrets, lane.IsJobs);
        var outcome = await call.Post(url, body, headers, stop);
        return new CallRecord(next.Url, JsonSerializer.Serialize(headers, FleetJson.Options), outcome);
    }

    private static CallRecord NoCall(string? url, string why) => new(url, null, CallOutcome.Refused(why));

    private void Weigh(ClaimedLane lane, CallOutcome outcome)
    {
        if (outcome.Error is null)
            circuits.Succeeded(lane.Target);
        else if (outcome.TellsOfTrouble)
            circuits.Failed(lane.Target, lane.About);
    }
}
