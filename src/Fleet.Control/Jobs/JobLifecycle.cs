using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work.Lifecycles;

namespace Fleet.Control.Jobs;

/// <summary>What can happen to a job: all that can happen to work, and nothing else.</summary>
internal sealed class JobLifecycle(LeaseSettings leases) : WorkLifecycle<Job>(leases);
