using Fleet.Control.Platform.Persistence;
using MassTransit;
using MassTransit.Scheduling;

namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// MassTransit's scheduler on the outbox: a scheduled message is a row with a future time, and comes back to the
/// lifecycle that set it. Times are counted from the unit's own, so lifecycles have to name theirs from that as well.
/// </summary>
internal sealed class OutboxScheduler(UnitOfWork unit, Guid about) : IScheduleMessageProvider
{
    public static IMessageScheduler For(UnitOfWork unit, Guid about) =>
        new MessageScheduler(new OutboxScheduler(unit, about), busTopology: null!); // topology serves publishes only

    public Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress,
        DateTime scheduledTime,
        T message,
        IPipe<SendContext<T>> pipe,
        CancellationToken cancellationToken) where T : class
    {
        var delay = scheduledTime.ToUniversalTime() - unit.Now.UtcDateTime;
        var token = unit.SendLater(delay, message, about);
        return Task.FromResult<ScheduledMessage<T>>(
            new ScheduledMessageHandle<T>(token, scheduledTime, destinationAddress, message));
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        unit.Unschedule(tokenId);
        return Task.CompletedTask;
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        CancelScheduledSend(tokenId, cancellationToken);
}
