namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A submission as a client writes it; what is null is left out.</summary>
internal sealed record JobDraft(
    string Kind,
    CommandDraft? Command = null,
    string? Name = null,
    Dictionary<string, string>? Labels = null,
    int? Priority = null,
    int? MaxAttempts = null,
    int? TimeoutS = null,
    DateTimeOffset? ExpiresAt = null,
    TargetDraft? Target = null,
    string? StateWebhookUrl = null,
    string? Offline = null,
    string? QueueKey = null,
    DateTimeOffset? NotBefore = null,
    string? ConcurrencyKey = null,
    int? ConcurrencyLimit = null,
    string? SequenceKey = null,
    string? FairnessKey = null,
    InferenceDraft? Inference = null)
{
    public static JobDraft Noop { get; } = new("noop");

    public static JobDraft Script(string text, Dictionary<string, string>? env = null) =>
        new("command", new CommandDraft(Script: text, Shell: "sh", Env: env));

    public static JobDraft Program(string path, params string[] args) =>
        new("command", new CommandDraft(Program: path, Args: args));

    public static JobDraft Chat(string model, string text) =>
        new("inference", Inference: new InferenceDraft(model, Messages: [new MessageDraft("user", text)]));

    public static JobDraft Embed(string model, params string[] texts) =>
        new("inference", Inference: new InferenceDraft(model, Operation: "embed", Input: texts));

    public JobDraft Labelled(string name, string value) => this with { Labels = new() { [name] = value } };

    public JobDraft On(string agent) => this with { Target = new TargetDraft(Agent: agent) };

    public JobDraft Where(string label, string value) =>
        this with { Target = new TargetDraft(Labels: new() { [label] = value }) };

    /// <summary>No agent fits, so it stays in the queue.</summary>
    public JobDraft Nowhere() => Where("nobody-has", "this");
}

internal sealed record CommandDraft(
    string? Program = null,
    string[]? Args = null,
    string? Script = null,
    string? Shell = null,
    Dictionary<string, string>? Env = null,
    string? Stdin = null);

internal sealed record InferenceDraft(
    string Model, string? Operation = null, MessageDraft[]? Messages = null, string[]? Input = null);

internal sealed record MessageDraft(string Role, string Content);

internal sealed record TargetDraft(string? Agent = null, Dictionary<string, string>? Labels = null);
