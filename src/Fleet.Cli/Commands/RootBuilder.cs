using System.CommandLine;
using System.CommandLine.Help;
using Fleet.Cli.Access;
using Fleet.Cli.Agents;
using Fleet.Cli.Apply;
using Fleet.Cli.Backups;
using Fleet.Cli.Bulk;
using Fleet.Cli.Chat;
using Fleet.Cli.Contexts;
using Fleet.Cli.Executions;
using Fleet.Cli.Experiments;
using Fleet.Cli.Jobs;
using Fleet.Cli.Models;
using Fleet.Cli.Notebooks;
using Fleet.Cli.Run;
using Fleet.Cli.Schedules;
using Fleet.Cli.Shells;
using Fleet.Cli.Terminals;
using Fleet.Cli.Top;

namespace Fleet.Cli.Commands;

/// <summary>All commands, in the order in which help shows them.</summary>
internal static class RootBuilder
{
    private const int WidestHelp = 110;

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Runs work on many hosts, and follows it.")
        {
            RunCommand.Build(terminal),
            JobCommands.Build(terminal),
            ExecCommand.Build(terminal),
            ExecutionCommands.Build(terminal),
            ExperimentCommands.Build(terminal),
            NotebookCommands.Build(terminal),
            AgentCommands.Build(terminal),
            ScheduleCommands.Build(terminal),
            ApplyCommand.Build(terminal),
            BackupCommands.Build(terminal),
            ChatCommand.Build(terminal),
            ModelCommands.Build(terminal),
            BulkCommand.Build(terminal),
            TopCommand.Build(terminal),
            KeyCommands.Build(terminal),
            AuditCommand.Build(terminal),
            LoginCommand.Build(terminal),
            ContextCommands.Build(terminal),
            ConfigCommands.Build(terminal),
            CompletionCommand.Build(terminal),
        };
        root.Options.Add(Common.Context().Completes(terminal, (settings, _, _) => Task.FromResult(settings.Names())));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpAction { MaxWidth = terminal.OutIsTerminal ? Math.Min(terminal.Width, WidestHelp) : WidestHelp };
        return root;
    }
}
