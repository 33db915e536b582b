using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Client.Manifests;

namespace Fleet.Cli.Executions;

/// <summary>What <c>fleet exec</c> takes, and the execution that it means.</summary>
internal sealed class ExecOptions
{
    private readonly Argument<string> _manifest = new("manifest") { Description = "The name of a manifest" };
    private readonly Option<bool> _all = new("--all") { Description = "On every agent" };
    private readonly Option<string[]> _agents = new("--on") { Description = "On this agent; may be repeated", HelpName = "agent" };
    private readonly Option<string[]> _groups = new("--group", "-g") { Description = "On the agents of a group", HelpName = "group" };
    private readonly Option<Dictionary<string, string>> _labels = Common.Pairs("--label", "On agents with all of these labels", "-l");
    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "On agents that a filter finds: agent:web-* label.env!=prod",
        HelpName = "filter",
    };

    private readonly Option<Dictionary<string, string>> _parameters = Common.Pairs("--param", "A parameter of the manifest", "-p");
    private readonly Option<string[]> _waves = new("--wave")
    {
        Description = "A wave: so many agents (5), such a part of all (20%), or a group; the rest follows in one more",
        HelpName = "wave",
    };

    private readonly Option<int?> _failures = new("--max-failures")
    {
        Description = "More failures than this stop what has not begun",
        HelpName = "count",
    };

    private readonly Option<int?> _atOnce = new("--max-concurrent") { Description = "So many at the same time", HelpName = "count" };
    private readonly Option<string?> _offline = new("--offline")
    {
        Description = "Agents that are off: wait, skip or newest",
        HelpName = "word",
    };


    public void AddTo(Command command)
    {
        _offline.AcceptOnlyFromAmong("wait", "skip", "newest");
        command.Arguments.Add(_manifest);
        foreach (var option in (Option[])
            [_all, _agents, _groups, _labels, _filter, _parameters, _waves, _failures, _atOnce, _offline])
            command.Options.Add(option);
    }

    /// <exception cref="CommandException">Nobody is named, or a value is none of its parameter's type.</exception>
    public async Task<ExecutionDraft> Read(Session session, CancellationToken stop)
    {
        var target = new ExecutionTarget(
            session.Get(_all) ? true : null, Some(session.Get(_groups)), Some(session.Get(_agents)),
            session.Get(_labels) is { Count: > 0 } labels ? labels : null, session.Get(_filter));
        if (target == new ExecutionTarget())
            throw CommandException.Usage("Say on which agents: --all, --on, --group, --label or --filter.");
        var manifest = await session.Fleet.Manifests.Show(session.Get(_manifest), stop);
        return new ExecutionDraft(
            manifest.Name,
            target,
            Parameters: session.Get(_parameters).ToDictionary(one => one.Key, one => Value(manifest, one.Key, one.Value)),
            Offline: session.Get(_offline),
            Waves: session.Get(_waves) is { Length: > 0 } waves ? [.. waves.Select(Wave)] : null,
            Brakes: session.Get(_failures) is { } most ? new ExecutionBrakes(most) : null,
            MaxConcurrent: session.Get(_atOnce));
    }

    private static JsonElement Value(Manifest manifest, string name, string text)
    {
        var type = manifest.Parameters.FirstOrDefault(one => one.Name == name)?.Type;
        object? value = type switch
        {
            "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number : null,
            "boolean" => text is "true" ? true : text is "false" ? false : null,
            _ => text, // the fleet says whether there is such a parameter
        };
        return value is null
            ? throw CommandException.Usage($"The parameter {name} is of the type {type}, and '{text}' is none.")
            : JsonSerializer.SerializeToElement(value);
    }

    private static ExecutionWave Wave(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hosts) ? new ExecutionWave(Hosts: hosts)
        : text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            ? new ExecutionWave(Share: share / 100)
        : new ExecutionWave(Group: text);

    private static string[]? Some(string[]? names) => names is { Length: > 0 } ? names : null;
}
