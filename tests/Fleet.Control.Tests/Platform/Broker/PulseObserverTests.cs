using System.Reflection;
using Fleet.Hosting.Pulses;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Broker;

public sealed class PulseObserverTests
{
    private static readonly Uri Address = new("rabbitmq://localhost/fleet.jobs");

    [Fact]
    public async Task A_delivery_that_ends_while_it_is_counted_harms_nobody()
    {
        var ear = new PulseObserver();
        ear.ListenTo("fleet.jobs");
        var context = DispatchProxy.Create<ReceiveContext, Delivery>();
        await ear.PreReceive(context);
        ear.TakeSilent().ShouldBeEmpty();
        ((Delivery)(object)context).IsDisposed = true;
        ear.TakeSilent().ShouldBeEmpty(); // its end was not told yet
        await ear.PostReceive(context);
        ear.TakeSilent().ShouldBe(["fleet.jobs"]);
    }

    /// <summary>What MassTransit hands out: once it is over, it cannot be asked for its token.</summary>
    public class Delivery : DispatchProxy
    {
        public bool IsDisposed { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_InputAddress" => Address,
            "get_CancellationToken" => IsDisposed ? throw new ObjectDisposedException("delivery") : CancellationToken.None,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
}
