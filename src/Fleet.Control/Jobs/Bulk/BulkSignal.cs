using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Jobs.Bulk;

/// <summary>Says to the worker of this process that there is something to do, should it lead.</summary>
internal sealed class BulkSignal : Signal;
