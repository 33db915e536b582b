using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Schedules.Timing;

/// <summary>
/// The clock that Quartz goes by: the database's, so that a Control whose own clock is set forward does not take the
/// others' triggers for missed.
/// </summary>
internal sealed class DatabaseTime : TimeProvider
{
    /// <summary>Quartz is told of its clock before there is a container to ask for the database's.</summary>
    public DatabaseClock? Clock { get; set; }

    public override DateTimeOffset GetUtcNow() => Clock?.Now ?? base.GetUtcNow();
}
