using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents.Schedules;

/// <summary>This agent is to hold these schedules, and no others.</summary>
internal sealed class HoldSchedulesConsumer(HeldSchedules held, ScheduleWatch watch) : IConsumer<HoldSchedules>
{
    public Task Consume(ConsumeContext<HoldSchedules> context)
    {
        held.Hold(context.Message);
        watch.SayAgain();
        return Task.CompletedTask;
    }
}

/// <summary>Control has stored what was due.</summary>
internal sealed class FiresStoredConsumer(HeldSchedules held, AgentSession session) : IConsumer<FiresStored>
{
    public Task Consume(ConsumeContext<FiresStored> context)
    {
        if (context.Message.Session == session.Id)
            held.Confirm([.. context.Message.Due]);
        return Task.CompletedTask;
    }
}
