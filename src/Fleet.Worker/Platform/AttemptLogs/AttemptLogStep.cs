namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>What the log notes about an attempt. The numbers are on disk.</summary>
internal enum AttemptLogStep : byte
{
    /// <summary>It was taken on: from here on this agent answers for it.</summary>
    Accepted = 1,

    /// <summary>Its process runs.</summary>
    Started = 2,

    /// <summary>It is over, and Control may not know yet.</summary>
    Finished = 3,

    /// <summary>Control knows its end: nothing is owed any more.</summary>
    Confirmed = 4,

    /// <summary>Its process starts now: it may have run, whether or not <see cref="Started"/> follows.</summary>
    Starting = 5,
}
