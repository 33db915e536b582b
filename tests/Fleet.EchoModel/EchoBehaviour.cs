using Fleet.EchoModel.Aichat;

namespace Fleet.EchoModel;

/// <summary>How calls of a model go.</summary>
/// <param name="FirstDelayMs">Before the first word.</param>
/// <param name="WordDelayMs">Before each further word.</param>
/// <param name="LoadDelayMs">Before everything else, when the model was not in memory.</param>
/// <param name="Fault">See <see cref="EchoFault"/>; null means that all goes well.</param>
/// <param name="AfterWords">How many words come before the fault; 0 means that nothing comes, not even a status.</param>
/// <param name="Times">How many calls fail; null means all of them.</param>
/// <param name="Status">With <c>status</c>.</param>
/// <param name="Error">The sentence of <c>status</c>, <c>out_of_memory</c> and <c>error</c>.</param>
/// <param name="Words">Answer with so many words instead of the question.</param>
/// <param name="Aichat">What only turns know.</param>
public sealed record EchoBehaviour(
    int FirstDelayMs = 0,
    int WordDelayMs = 0,
    int LoadDelayMs = 0,
    string? Fault = null,
    int AfterWords = 0,
    int? Times = null,
    int Status = 503,
    string? Error = null,
    int? Words = null,
    AichatBehaviour? Aichat = null);

/// <summary>What can go wrong.</summary>
public static class EchoFault
{
    /// <summary>Another status than 200, with an error sentence.</summary>
    public const string Status = "status";

    /// <summary>Status 500 with Ollama's sentence.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>The connection is reset before the first byte.</summary>
    public const string Reset = "reset";

    /// <summary>Nothing more comes, and the connection stays.</summary>
    public const string Silent = "silent";

    /// <summary>The connection is reset in the middle.</summary>
    public const string Cut = "cut";

    /// <summary>The answer ends properly, but without its last mark.</summary>
    public const string Unfinished = "unfinished";

    /// <summary>What comes is no JSON.</summary>
    public const string Rubbish = "rubbish";

    /// <summary>An error inside of the stream.</summary>
    public const string Error = "error";

    public static readonly IReadOnlyList<string> All =
        [Status, OutOfMemory, Reset, Silent, Cut, Unfinished, Rubbish, Error];
}
