using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>A server of models that this agent may ask: section <c>Worker:Upstreams:&lt;name&gt;</c>.</summary>
public sealed class UpstreamSettings
{
    /// <summary>Where it answers, such as <c>http://127.0.0.1:11434</c>; a path <c>/v1</c> may be left out.</summary>
    public string Url { get; set; } = "";

    /// <summary><c>ollama</c>, <c>openai</c> or <c>aichat</c>; empty means that it is found out by asking.</summary>
    public string Protocol { get; set; } = "";

    /// <summary>
    /// With <c>aichat</c>: who is to answer, of those that it can be. It is the name of its one model here; empty means
    /// that it chooses itself, and its model is called <c>aichat</c>.
    /// </summary>
    public string Persona { get; set; } = "";

    /// <summary>How many answers it writes at once, 1 to 1,000.</summary>
    public int Generations { get; set; } = 1;

    /// <summary>How many calls for embeddings it gets at once beside those, 0 to 1,000.</summary>
    public int Embeddings { get; set; } = 4;

    /// <summary>What it wants as bearer token; or else <see cref="ApiKeyFile"/> says where that lies.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>A file that holds the key and nothing else; it is read with every call.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>How long it may say nothing, before the first piece of an answer and between two.</summary>
    public double SilenceSeconds { get; set; } = 300;

    /// <summary>With <c>aichat</c>: how long a whole answer may take where it cannot be streamed.</summary>
    public double OneShotSeconds { get; set; } = 150;

    /// <summary>How long a connection may take to come about.</summary>
    public double ConnectSeconds { get; set; } = 5;

    /// <summary>How long it may take to say which models it has.</summary>
    public double LookSeconds { get; set; } = 5;

    /// <summary>Null when there is none.</summary>
    internal string? ReadApiKey() =>
        ApiKey.Length > 0 ? ApiKey.Trim()
        : ApiKeyFile.Length > 0 ? new SecretFile(ApiKeyFile).Read()
        : null;
}
