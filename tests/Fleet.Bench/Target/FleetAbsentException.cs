namespace Fleet.Bench.Target;

/// <summary>There is nothing to measure; the message says what to do about it.</summary>
internal sealed class FleetAbsentException(string sentence) : Exception(sentence);
