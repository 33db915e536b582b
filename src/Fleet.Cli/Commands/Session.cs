using System.CommandLine;
using System.Security.Cryptography;
using Fleet.Cli.Contexts;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;

namespace Fleet.Cli.Commands;

/// <summary>One command under way: what was written, the fleet that it is about, and where answers go.</summary>
internal sealed class Session(Terminal terminal, ParseResult parsed) : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private FleetClient? _fleet;

    public Terminal Terminal => terminal;

    public ContextSettings Settings { get; } = new(terminal);

    /// <summary>Opened when first asked for.</summary>
    public FleetClient Fleet => _fleet ??= Connect(Settings.Chosen(Common.ContextOf(parsed)));

    /// <summary>What <c>--context</c> names; null where it is not given.</summary>
    public string? ContextName => Common.ContextOf(parsed);

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>How many are shown at most; of <see cref="Common.Limit"/>.</summary>
    public int Most(Option<int> limit) => parsed.GetValue(limit) is > 0 and var wanted ? wanted : int.MaxValue;

    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    public Printer Printer(Option<string> output) => new(terminal, parsed.GetValue(output)!);

    /// <exception cref="CommandException">A file of the context cannot be read.</exception>
    public static FleetClient Connect(FleetContext context)
    {
        var options = new FleetClientOptions
        {
            Url = context.Url,
            Key = context.ReadKey(),
            CaFile = context.CaFile,
            UserAgent = "fleet-cli",
        };
        try
        {
            return new FleetClient(options);
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandException(
                ExitCode.Error, $"The authorities in {context.CaFile} cannot be read: {lost.Message}",
                $"Name a file of certificates in PEM form: {ContextSettings.CaFileVariable}, or fleet login URL --ca-file.");
        }
    }

    /// <summary>Before something is destroyed: <c>--yes</c>, or a yes at the terminal.</summary>
    /// <exception cref="CommandException">It was not allowed; nothing happened.</exception>
    public async Task Confirm(Option<bool> yes, string question)
    {
        if (parsed.GetValue(yes))
            return;
        if (!terminal.InIsTerminal || !terminal.ErrorIsTerminal)
            throw CommandException.Usage("Nothing was done, since nobody can be asked here.", "--yes does it without a question.");
        await terminal.Flush();
        await terminal.Error.WriteAsync($"{PlainText.Line(question)} [y/N] ");
        if ((await terminal.ReadLine(terminal.Interrupts.Stop))?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CommandException(ExitCode.Error, "Nothing was done.");
    }

    /// <summary>Looks at something under way until it is over, and says in a line how far it is whenever that changes.</summary>
    public async Task<T> Follow<T>(
        T now, Func<T, bool> isOver, Func<T, string> line, Func<T, Task<T>> look, CancellationToken stop)
    {
        var said = "";
        while (!isOver(now))
        {
            if (line(now) is var words && words != said)
                Remark(said = words);
            await Task.Delay(Glance, terminal.Clock, stop);
            now = await look(now);
        }

        return now;
    }

    /// <summary>A remark for people, where one looks.</summary>
    public void Remark(string sentence)
    {
        if (terminal.ErrorIsTerminal)
            terminal.Error.WriteLine(PlainText.Line(sentence));
    }

    public void Dispose() => _fleet?.Dispose();
}
