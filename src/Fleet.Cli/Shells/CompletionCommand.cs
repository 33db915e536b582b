using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Shells;

/// <summary><c>fleet completion</c>: the piece of a shell's start-up file that completes commands, options and live names.</summary>
internal static class CompletionCommand
{
    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var completion = new Command(
            "completion", "Prints what a shell needs to complete this command, as in: source <(fleet completion bash)") { shell };
        completion.Runs(terminal, (session, _) =>
        {
            terminal.Out.WriteLine(Scripts[session.Get(shell)]);
            return Task.CompletedTask;
        });
        return completion;
    }

    /// <summary>All of them ask the command itself: <c>fleet [suggest:POSITION] LINE</c>.</summary>
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _fleet() {
              local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]}
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _fleet fleet
            """,
        ["zsh"] = """
            #compdef fleet
            _fleet() {
              local -a found
              found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "$BUFFER" 2>/dev/null)}")
              compadd -- "${(@)found:#}"
            }
            compdef _fleet fleet
            """,
        ["fish"] = """
            function __fleet_complete
              set -l line (commandline -cp)
              fleet "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c fleet -f -a '(__fleet_complete)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName fleet -ScriptBlock {
              param($word, $ast, $position)
              fleet "[suggest:$position]" "$ast" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };
}
