namespace Fleet.Control.Platform.Work;

/// <summary>
/// By what work came, where that decides in whose words it is told of, or who keeps account of its end; null is the native API.
/// </summary>
internal static class WorkWires
{
    public const string Foreman = "foreman";
    public const string Ollama = "ollama";
    public const string OpenAi = "openai";

    /// <summary>An execution of a manifest: one of its jobs.</summary>
    public const string Execution = "execution";
}
