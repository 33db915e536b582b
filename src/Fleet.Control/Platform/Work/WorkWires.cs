namespace Fleet.Control.Platform.Work;

/// <summary>By which wire work came, where that decides in whose words it is told of; null is the native API.</summary>
internal static class WorkWires
{
    public const string Foreman = "foreman";
    public const string Ollama = "ollama";
    public const string OpenAi = "openai";
}
