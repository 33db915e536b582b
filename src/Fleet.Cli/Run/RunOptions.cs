using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Run;

/// <summary>What may be said of a job beside its command.</summary>
internal sealed class RunOptions(Terminal terminal)
{
    private readonly Option<string?> _on = new Option<string?>("--on") { Description = "The agent that runs it", HelpName = "agent" }
        .Completes(terminal, Completions.Agents);

    private readonly Option<Dictionary<string, string>> _where = Common.Pairs("--where", "Run it on an agent with this label");
    private readonly Option<string?> _name = new("--name") { Description = "What the job is called", HelpName = "name" };
    private readonly Option<Dictionary<string, string>> _labels = Common.Pairs("--label", "A label of the job", "-l");
    private readonly Option<TimeSpan?> _timeout = Common.Duration("--timeout", "An attempt that takes longer fails");
    private readonly Option<Dictionary<string, string>> _env = Common.Pairs("--env", "A variable of its environment", "-e");

    private readonly Option<string?> _cwd = new("--cwd")
    {
        Description = "The directory on the agent in which it runs; otherwise an empty one of its own",
        HelpName = "path",
    };

    private readonly Option<bool> _stdin = new("--stdin", "-i") { Description = "Send it what comes from standard input" };
    private readonly Option<int?> _priority = new("--priority") { Description = "From 0, last, to 9, first", HelpName = "number" };

    private readonly Option<int?> _attempts = new("--attempts")
    {
        Description = "How often it is tried at most; what is lost with its agent is run again then",
        HelpName = "count",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_on, _where, _name, _labels, _timeout, _env, _cwd, _stdin, _priority, _attempts])
            command.Options.Add(option);
    }

    public async Task<JobDraft> Read(Session session, string[] words, CancellationToken stop)
    {
        var (on, where) = (session.Get(_on), session.Get(_where));
        var (labels, env) = (session.Get(_labels), session.Get(_env));
        return new JobDraft
        {
            Kind = "command",
            Name = session.Get(_name),
            Labels = labels.Count > 0 ? labels : null,
            Priority = session.Get(_priority),
            MaxAttempts = session.Get(_attempts),
            TimeoutS = session.Get(_timeout) is { } timeout ? Seconds(timeout) : null,
            Target = on is null && where.Count == 0 ? null : new JobTarget(on, where.Count > 0 ? where : null),
            Command = new CommandDraft
            {
                Program = words[0],
                Args = words[1..],
                Env = env.Count > 0 ? env : null,
                Cwd = session.Get(_cwd),
                Stdin = session.Get(_stdin) ? await session.Terminal.In.ReadToEndAsync(stop) : null,
            },
        };
    }

    private static int Seconds(TimeSpan time) => time >= TimeSpan.FromSeconds(1)
        ? (int)Math.Ceiling(time.TotalSeconds)
        : throw CommandException.Usage("--timeout is at least 1s.");
}
