namespace Fleet.Protocol.Patterns;

/// <summary>A text that is no regular expression of the dialect. The message says why, in RE2's words.</summary>
public sealed class PatternException(string message) : Exception(message);
