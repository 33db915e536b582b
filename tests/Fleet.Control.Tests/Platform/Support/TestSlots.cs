using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>A ledger of slots without a database behind its clock.</summary>
internal static class TestSlots
{
    public static SlotLedger New(TimeProvider? clock = null, double patienceSeconds = 60)
    {
        var time = new DatabaseClock(null!, clock ?? TimeProvider.System);
        return new SlotLedger(
            new ModelResidency(new DispatchSettings { ModelPatienceSeconds = patienceSeconds }, time), new RateLedger(time));
    }
}
