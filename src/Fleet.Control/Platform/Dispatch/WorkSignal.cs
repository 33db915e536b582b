using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Says that something became ready for dispatch, or a slot became free.</summary>
internal sealed class WorkSignal : Signal;
