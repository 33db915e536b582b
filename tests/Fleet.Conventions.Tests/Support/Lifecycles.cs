using System.Reflection;
using Fleet.Control.Platform.Journal;
using Fleet.Tests.Probe;
using MassTransit;

namespace Fleet.Conventions.Tests.Support;

/// <summary>The state machines of Control, and the one that shows how another joins them.</summary>
internal static class Lifecycles
{
    /// <summary>What others only derive from is none by itself.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Assembly.Load("Fleet.Control").GetTypes().Append(typeof(ProbeLifecycle))
            .Where(type => !type.IsAbstract && !type.ContainsGenericParameters && IsLifecycle(type)),
    ];

    /// <summary>What a constructor asks for is made the same way: lifecycles are tables, and need little.</summary>
    public static StateMachine Create(Type type) => (StateMachine)Make(type);

    public static IEnumerable<string> Gaps(StateMachine lifecycle) =>
        from state in lifecycle.States
        where state != lifecycle.Initial && state != lifecycle.Final
        let answered = lifecycle.NextEvents(state).ToHashSet()
        from message in lifecycle.Events.Where(IsMessage)
        where !answered.Contains(message)
        orderby state.Name, message.Name
        select $"{lifecycle.Name}: {state.Name} neither handles nor ignores {message.Name}";

    private static bool IsMessage(Event one) => one.GetType().GetInterfaces()
        .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(Event<>));

    private static bool IsLifecycle(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(MassTransitStateMachine<>))
                return true;
        }

        return false;
    }

    private static object Make(Type type)
    {
        if (type == typeof(TimeProvider))
            return TimeProvider.System;
        var constructor = type.GetConstructors().MinBy(one => one.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor, so it cannot be looked at.");
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType))]);
    }
}
