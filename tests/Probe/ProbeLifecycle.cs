using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work.Lifecycles;
using MassTransit;

namespace Fleet.Tests.Probe;

/// <summary>What can happen to all work, and that a probe is calibrated until it is over.</summary>
internal sealed class ProbeLifecycle : WorkLifecycle<Probe>
{
    public ProbeLifecycle(LeaseSettings leases) : base(leases)
    {
        About(() => ProbeCalibrated);
        During([Queued, Assigned, Running, Cancelling], When(ProbeCalibrated).Then(said =>
        {
            said.Saga.Correction = said.Message.Correction;
            said.Unit().Append(said.Saga, "calibrated", said.Saga.Attempt, new { said.Message.Correction });
        }));
        During([Succeeded, Failed, Cancelled, Expired], Ignore(ProbeCalibrated));
    }

    public Event<ProbeCalibrated> ProbeCalibrated { get; } = null!;
}
