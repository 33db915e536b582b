using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using RabbitMQ.Client.Events;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Takes one message of an agent to where it is stored. What cannot be read or stored becomes a dead letter, of each agent only
/// so many an hour; an agent that says too much is not listened to.
/// </summary>
internal sealed class AgentMessages(
    AgentBudget budget,
    IAgentMessageHandler<AgentReport> reports,
    IAgentMessageHandler<AgentBeat> beats,
    IAgentMessageHandler<AgentUpstreams> upstreams,
    IEnumerable<IAgentMessageHandler<SchedulesHeld>> schedules,
    IEnumerable<IAgentMessageHandler<SchedulesFired>> fires,
    IEnumerable<IAgentMessageHandler<HostEventsSeen>> events,
    SenderQuota quota,
    DeadLetterBox deadLetters)
{
    private static readonly TrustedEnvelopes Envelopes = new(
        typeof(AgentReport), typeof(AgentBeat), typeof(AgentUpstreams), typeof(SchedulesHeld), typeof(SchedulesFired),
        typeof(HostEventsSeen));

    /// <summary>Returns when the message may be forgotten.</summary>
    /// <exception cref="Exception">It is to be delivered again: this process ends, or not even a dead letter can be stored.</exception>
    public async Task Take(string agent, BasicDeliverEventArgs delivery, CancellationToken stop)
    {
        if (!budget.Admits(agent))
            return;
        try
        {
            await (Envelopes.Read(delivery.Body.Span).Message switch
            {
                AgentReport report => reports.Take(report, delivery.Exchange, stop),
                AgentBeat beat => beats.Take(beat, delivery.Exchange, stop),
                AgentUpstreams told => upstreams.Take(told, delivery.Exchange, stop),
                SchedulesHeld held => Each(schedules, held, delivery, stop),
                SchedulesFired fired => Each(fires, fired, delivery, stop),
                HostEventsSeen seen => Each(events, seen, delivery, stop),
                UnreadableMessage junk => Keep(delivery, $"{delivery.Exchange} sent what cannot be read: {junk.Reason}", stop),
                var other => throw new InvalidOperationException($"{other.GetType()} is none of an agent's messages."),
            });
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            var cause = failure.GetBaseException();
            await Keep(delivery, $"{cause.GetType().Name}: {cause.Message}", stop);
        }
    }

    /// <summary>Who takes it is a slice that may not be there.</summary>
    private static Task Each<T>(
        IEnumerable<IAgentMessageHandler<T>> handlers, T said, BasicDeliverEventArgs delivery, CancellationToken stop) =>
        Task.WhenAll(handlers.Select(handler => handler.Take(said, delivery.Exchange, stop)));

    private async Task Keep(BasicDeliverEventArgs delivery, string reason, CancellationToken stop)
    {
        if (!quota.Keeps(delivery.Exchange))
            return;
        var letter = new LostMessage(
            AgentTopology.Reports,
            delivery.Exchange,
            reason,
            delivery.BasicProperties.MessageId,
            delivery.BasicProperties.ContentType);
        await deadLetters.Keep(letter, delivery.Body, stop);
    }
}
