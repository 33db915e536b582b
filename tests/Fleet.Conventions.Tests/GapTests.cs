using Fleet.Conventions.Tests.Support;
using MassTransit;

namespace Fleet.Conventions.Tests;

/// <summary>The search for gaps finds one where there is one.</summary>
public sealed class GapTests
{
    [Fact]
    public void A_gap_is_found() =>
        Lifecycles.Gaps(new Leaky()).ShouldBe(
        [
            "Leaky: Open neither handles nor ignores Shut",
            "Leaky: Shutting neither handles nor ignores Knock",
        ]);

    [Fact]
    public void Handled_and_ignored_messages_are_none() => Lifecycles.Gaps(new Tight()).ShouldBeEmpty();

    public sealed record Knock(Guid Id);

    public sealed record Shut(Guid Id);

    public sealed class Gate : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string State { get; set; } = "";

        public Guid? LateToken { get; set; }
    }

    private sealed class Leaky : MassTransitStateMachine<Gate>
    {
        public Leaky()
        {
            InstanceState(gate => gate.State);
            Event(() => Knock, on => on.CorrelateById(context => context.Message.Id));
            Event(() => Shut, on => on.CorrelateById(context => context.Message.Id));
            Initially(When(Knock).TransitionTo(Open));
            During(Open, When(Knock).TransitionTo(Shutting));
            During(Shutting, Ignore(Shut));
        }

        public State Open { get; } = null!;

        public State Shutting { get; } = null!;

        public Event<Knock> Knock { get; } = null!;

        public Event<Shut> Shut { get; } = null!;
    }

    private sealed class Tight : MassTransitStateMachine<Gate>
    {
        public Tight()
        {
            InstanceState(gate => gate.State);
            Event(() => Knock, on => on.CorrelateById(context => context.Message.Id));
            Schedule(() => Late, gate => gate.LateToken, late => late.Delay = TimeSpan.FromSeconds(1));
            Initially(When(Knock).TransitionTo(Open));
            During(Open, Ignore(Knock), When(Late!.Received).Finalize());
        }

        public State Open { get; } = null!;

        public Event<Knock> Knock { get; } = null!;

        public Schedule<Gate, Shut> Late { get; } = null!;
    }
}
