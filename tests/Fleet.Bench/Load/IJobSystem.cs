namespace Fleet.Bench.Load;

/// <summary>Something that accepts no-op jobs and finishes them: Fleet, or a reference.</summary>
internal interface IJobSystem
{
    string Name { get; }

    /// <summary>Whether it works inside this program, whose CPU is then its own.</summary>
    bool RunsHere { get; }

    /// <summary>A run begins: what is submitted from here on is counted anew.</summary>
    void Begin(int jobs);

    /// <summary>Returns when <paramref name="count"/> jobs, submitted together, are accepted durably.</summary>
    Task Submit(int count, CancellationToken stop);

    /// <summary>Waits for the durable end of all jobs of the run.</summary>
    /// <returns>The <see cref="System.Diagnostics.Stopwatch"/> timestamp of the end.</returns>
    Task<long> AllDone(CancellationToken stop);

    /// <summary>Submits one job and waits for its end.</summary>
    Task<JobTimes> SubmitAndWait(CancellationToken stop);
}

/// <summary>Milliseconds from the start of a submission.</summary>
/// <param name="Accepted">Until it was answered.</param>
/// <param name="Seen">Until the client saw the end.</param>
/// <param name="Stamped">Until the stamp in the job's row.</param>
internal readonly record struct JobTimes(double Accepted, double Seen, double Stamped);
