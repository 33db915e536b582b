using System.Text;

namespace Fleet.Cli.Terminals;

/// <summary>The world of one invocation: streams, environment, signals, time. Everything that a command does goes through it.</summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lazy<TextWriter> _out;
    private readonly Lazy<TextWriter> _error;

    public Terminal(Stream stdout, Stream stderr)
    {
        (Stdout, Stderr) = (stdout, stderr);
        _out = new(() => new StreamWriter(Stdout, Utf8) { NewLine = "\n" });
        _error = new(() => new StreamWriter(Stderr, Utf8) { NewLine = "\n", AutoFlush = true });
    }

    /// <summary>For bytes that are no text of ours.</summary>
    public Stream Stdout { get; }

    public Stream Stderr { get; }

    /// <summary>For text; flushed at the end of the command.</summary>
    public TextWriter Out => _out.Value;

    public TextWriter Error => _error.Value;

    public TextReader In { get; init; } = TextReader.Null;

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool InIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 120;

    /// <summary>The value of a variable of the environment; null where it is not set or empty.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Ctrl-C, and requests to end.</summary>
    public Interrupts Interrupts { get; init; } = new();

    /// <summary>Where settings of the user lie: <c>~/.config</c>, or what <c>XDG_CONFIG_HOME</c> says.</summary>
    public string ConfigHome => Variable("XDG_CONFIG_HOME") ?? Path.Combine(Variable("HOME") ?? ".", ".config");

    /// <summary>
    /// Whether colours and cursor movements may be written to a stream. <c>NO_COLOR</c> forbids colours, <c>CLICOLOR_FORCE</c> allows
    /// them where the stream is no terminal.
    /// </summary>
    public bool MayColour(bool isTerminal) =>
        Variable("NO_COLOR") is null
        && (Variable("CLICOLOR_FORCE") is { } force && force != "0" || (isTerminal && Variable("TERM") != "dumb"));

    public static Terminal OfProcess() => new(Console.OpenStandardOutput(), Console.OpenStandardError())
    {
        In = Console.In,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InIsTerminal = !Console.IsInputRedirected,
        Width = Columns(),
        Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
        Interrupts = Interrupts.OfProcess(),
    };

    /// <summary>A line of standard input; null at its end. The console's own reader would not hear of an interrupt.</summary>
    public Task<string?> ReadLine(CancellationToken stop) => Task.Run(In.ReadLine, stop).WaitAsync(stop);

    public async Task Flush()
    {
        if (_out.IsValueCreated)
            await Out.FlushAsync();
        await Stdout.FlushAsync();
    }

    private static int Columns()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 20 ? 120 : Console.WindowWidth;
        }
        catch (IOException)
        {
            return 120;
        }
    }
}
