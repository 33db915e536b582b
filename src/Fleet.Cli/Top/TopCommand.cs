using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Top;

/// <summary><c>fleet top</c>: agents and what is under way, again and again on a terminal, once elsewhere.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    public static Command Build(Terminal terminal)
    {
        var every = Common.Duration("--every", "How often it is drawn; every 2s where it is not said");
        var top = new Command("top", "Agents, and the jobs under way; live on a terminal, Ctrl-C ends it") { every };
        top.Runs(terminal, async (session, stop) =>
        {
            var isLive = terminal.OutIsTerminal && terminal.Variable("TERM") != "dumb";
            do
            {
                var picture = await Overview.Read(session.Fleet, stop);
                if (isLive)
                    await terminal.Out.WriteAsync("\e[H\e[2J");
                picture.Write(terminal);
                await terminal.Flush();
                if (isLive)
                    await Task.Delay(session.Get(every) ?? Usual, terminal.Clock, stop);
            }
            while (isLive);
        });
        return top;
    }
}
