namespace Fleet.Control.Schedules.When;

/// <summary>One due time.</summary>
internal sealed class Once(DateTimeOffset at) : IRecurrence
{
    public DateTimeOffset? Next(DateTimeOffset after) => after < at ? at : null;
}

/// <summary>No due time: it is run by hand.</summary>
internal sealed class Never : IRecurrence
{
    public DateTimeOffset? Next(DateTimeOffset after) => null;
}
