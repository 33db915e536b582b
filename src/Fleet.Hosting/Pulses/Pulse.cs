namespace Fleet.Hosting.Pulses;

/// <summary>A message of a process to a queue that it reads itself.</summary>
/// <param name="Process">One run of the sending process.</param>
public sealed record Pulse(Guid Process);
