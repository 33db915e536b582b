using System.Reflection;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// What stands for the delivery of an event that was never delivered: it has an address, took no time, and has nothing else.
/// </summary>
public class NoDelivery : DispatchProxy
{
    private static readonly Uri Address = new("loopback://lifecycle/");

    /// <summary>The only one: it holds nothing.</summary>
    public static ReceiveContext Instance { get; } = Create<ReceiveContext, NoDelivery>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == $"get_{nameof(ReceiveContext.InputAddress)}" ? Address
        : targetMethod is { ReturnType.IsValueType: true } asked && asked.ReturnType != typeof(void)
            ? Activator.CreateInstance(asked.ReturnType) // the bus's meters read how long it took
            : null;
}
