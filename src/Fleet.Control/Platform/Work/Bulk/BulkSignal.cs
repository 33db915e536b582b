using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>Says to the worker of this process that there is something to do, should it lead.</summary>
internal sealed class BulkSignal : Signal;
