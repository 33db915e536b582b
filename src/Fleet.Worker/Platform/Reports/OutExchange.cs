using Fleet.Contracts.Agents;
using Fleet.Hosting;
using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Platform.Reports;

/// <summary>
/// Sends to <c>agent-&lt;name&gt;-out</c>. When no queue takes a message, the broker has lost what Control bound
/// there, and only a new registration brings it back.
/// </summary>
internal sealed class OutExchange(BusSender sender, AgentSession session) : IOutExchange
{
    private readonly Uri _address = new($"exchange:{AgentAddress.Out(session.Agent)}");

    public async Task Send(object message, Guid messageId, CancellationToken stop)
    {
        try
        {
            await sender.Send(_address, message, messageId, stop);
        }
        catch (MessageReturnedException)
        {
            session.RegistrationDue.Raise();
            throw;
        }
    }
}
