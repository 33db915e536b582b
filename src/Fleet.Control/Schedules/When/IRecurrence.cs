namespace Fleet.Control.Schedules.When;

/// <summary>A rule that gives due times. Pure: it knows no clock.</summary>
internal interface IRecurrence
{
    /// <summary>The first due time after this instant; null when there is none.</summary>
    DateTimeOffset? Next(DateTimeOffset after);
}
