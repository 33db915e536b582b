namespace Fleet.Bench.References;

/// <summary>Tells the agent to run one job.</summary>
internal sealed record RunJob(Guid JobId, int Attempt, string Kind, string? Name, DateTimeOffset Deadline);

/// <summary>The work of one job began.</summary>
internal sealed record JobStarted(Guid JobId, int Attempt, string Agent);

/// <summary>The work of one job is over.</summary>
internal sealed record JobFinished(Guid JobId, int Attempt, string Agent, int ExitCode);

/// <summary>All the jobs that were accepted together.</summary>
internal sealed record RunJobs(IReadOnlyList<RunJob> Jobs);

/// <summary>Everything the agent had to say since its last report.</summary>
internal sealed record AgentReport(string Agent, IReadOnlyList<JobNews> Jobs);

/// <summary>What one report says of one job.</summary>
internal sealed record JobNews(Guid JobId, int Attempt, bool Started, bool Finished, int ExitCode);
