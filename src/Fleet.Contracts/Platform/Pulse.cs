namespace Fleet.Contracts.Platform;

/// <summary>A message of a process to one of its own queues: what comes back proves that sending and receiving work.</summary>
/// <param name="Process">One run of the sending process.</param>
public sealed record Pulse(Guid Process, long Number);
