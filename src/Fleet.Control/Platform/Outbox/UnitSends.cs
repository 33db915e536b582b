using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Outbox;

/// <summary>How a unit sends: what it says leaves only if, and only after, its transaction committed.</summary>
internal static class UnitSends
{
    /// <param name="about">The row on whose behalf it is sent.</param>
    public static void Send(this UnitOfWork unit, Uri destination, object message, Guid about) =>
        unit.Sends.Add(new OutboxRow
        {
            Id = Guid.CreateVersion7(),
            Destination = destination.OriginalString,
            MessageType = MessageNames.Of(message.GetType()),
            Body = MessageNames.Write(message),
            About = about,
            Message = message,
        });

    /// <summary>A message to the lifecycle itself, after a time; the token takes it back.</summary>
    public static Guid SendLater(this UnitOfWork unit, TimeSpan delay, object message, Guid about)
    {
        var token = Guid.CreateVersion7();
        unit.Sends.Add(new OutboxRow
        {
            Id = token,
            Destination = OutboxRow.ToLifecycle,
            MessageType = MessageNames.Of(message.GetType()),
            Body = MessageNames.Write(message),
            About = about,
            Token = token,
            Delay = delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1),
        });
        return token;
    }

    /// <summary>When a timer of this unit is due, in the form in which a lifecycle's schedules want it.</summary>
    public static DateTime After(this UnitOfWork unit, TimeSpan delay) => (unit.Now + delay).UtcDateTime;

    /// <summary>Takes a timer back, whether it was set by this unit or an earlier one.</summary>
    public static void Unschedule(this UnitOfWork unit, Guid token)
    {
        if (unit.Sends.RemoveAll(row => row.Token == token) == 0)
            unit.Unscheduled.Add(token);
    }
}
