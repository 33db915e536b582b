using System.Net;
using Fleet.Cli.Terminals;
using Fleet.Client;

namespace Fleet.Cli.Failures;

/// <summary>The one place that tells people what went wrong, and callers by an exit code.</summary>
internal sealed record Failure(int Code, string Sentence, IReadOnlyList<string> More)
{
    /// <returns>Null where it is none that a user can do something about.</returns>
    public static Failure? Of(Exception failure, bool isInterrupted) => failure switch
    {
        OperationCanceledException when isInterrupted => new(ExitCode.Interrupted, "", []),
        CommandException wrong => new(wrong.Code, wrong.Message, Given(wrong.Advice)),
        FleetUnreachableException lost => new(
            ExitCode.Unreachable, lost.Message, ["Is it running, and is this its address? fleet config show tells where that comes from."]),
        FleetException no => new(CodeOf(no.Status), no.Message, [.. Fields(no), .. Given(AdviceOf(no)), .. Given(Trace(no))]),
        UnauthorizedAccessException or IOException => new(ExitCode.Error, failure.Message, []),
        _ => null,
    };

    /// <summary>Does something, and turns what goes wrong into a sentence and an exit code.</summary>
    public static async Task<int> Guard(Terminal terminal, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception failure) when (Of(failure, terminal.Interrupts.Stop.IsCancellationRequested) is { } told)
        {
            await terminal.Flush();
            told.Tell(terminal);
            return told.Code;
        }
    }

    public void Tell(Terminal terminal)
    {
        if (Sentence.Length == 0)
            return;
        var (red, plain) = terminal.MayColour(terminal.ErrorIsTerminal) ? ("\e[31m", "\e[0m") : ("", "");
        terminal.Error.WriteLine($"{red}fleet: {PlainText.Line(Sentence)}{plain}");
        foreach (var line in More)
            terminal.Error.WriteLine($"       {PlainText.Line(line)}");
    }

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ExitCode.Usage,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
        _ => ExitCode.Error,
    };

    /// <summary>What the sentence does not say already.</summary>
    private static IEnumerable<string> Fields(FleetException no) =>
        from field in no.Errors
        from sentence in field.Value
        let line = $"{field.Key}: {sentence}"
        where !no.Message.Contains(line, StringComparison.Ordinal)
        select line;

    private static string? AdviceOf(FleetException no) => no.Status switch
    {
        HttpStatusCode.Unauthorized => "Log in with a key that the fleet knows: fleet login URL",
        HttpStatusCode.Forbidden => "fleet key whoami shows what the key may do.",
        _ => null,
    };

    private static string? Trace(FleetException no) =>
        (int)no.Status >= 500 && no.TraceId is { } trace ? $"The fleet's logs know more under the trace id {trace}." : null;

    private static IReadOnlyList<string> Given(string? line) => line is null ? [] : [line];
}
