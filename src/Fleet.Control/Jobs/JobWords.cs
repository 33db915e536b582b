namespace Fleet.Control.Jobs;

/// <summary>The words of the native API for states and kinds.</summary>
internal static class JobWords
{
    public static readonly IReadOnlyList<string> Kinds = ["command", InferenceSpecs.Kind, "noop"];

    /// <summary>Streams of what processes write, and of what models say.</summary>
    public static readonly IReadOnlyList<string> Outputs = ["stdout", "stderr", "content", "thinking", "tool_calls"];

    public static readonly IReadOnlyList<string> Offline = ["wait", "skip", "newest"];

    private static readonly Dictionary<string, string> States = new[]
    {
        nameof(JobLifecycle.Queued), nameof(JobLifecycle.Assigned), nameof(JobLifecycle.Running),
        nameof(JobLifecycle.Cancelling), nameof(JobLifecycle.Succeeded), nameof(JobLifecycle.Failed),
        nameof(JobLifecycle.Cancelled), nameof(JobLifecycle.Expired),
    }.ToDictionary(state => state, state => state.ToLowerInvariant());

    private static readonly Dictionary<string, string> Words = States.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The stream under which output is kept: an agent may say anything.</summary>
    public static string OutputOf(string kind, string stream) => kind == InferenceSpecs.Kind
        ? stream is "content" or "thinking" or "tool_calls" ? stream : "stderr"
        : stream == "stderr" ? "stderr" : "stdout";

    public static IEnumerable<string> AllStates => Words.Keys;

    /// <summary>Null before the first state.</summary>
    public static string? OfState(string? state) => state is null ? null : States.GetValueOrDefault(state);

    /// <summary>The lifecycle's name of a state, or null when the word is none.</summary>
    public static string? ToState(string word) => Words.GetValueOrDefault(word);

    public static bool IsTerminal(string state) => state is
        nameof(JobLifecycle.Succeeded) or nameof(JobLifecycle.Failed)
        or nameof(JobLifecycle.Cancelled) or nameof(JobLifecycle.Expired);
}
