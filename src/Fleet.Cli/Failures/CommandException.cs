namespace Fleet.Cli.Failures;

/// <summary>A command cannot do what it was asked.</summary>
/// <param name="code">One of <see cref="ExitCode"/>.</param>
/// <param name="sentence">What is wrong.</param>
/// <param name="advice">What to do about it.</param>
internal sealed class CommandException(int code, string sentence, string? advice = null) : Exception(sentence)
{
    public int Code { get; } = code;

    public string? Advice { get; } = advice;

    public static CommandException Usage(string sentence, string? advice = null) => new(ExitCode.Usage, sentence, advice);
}
