using Fleet.Cli;
using Fleet.Cli.Terminals;

return await FleetCommand.Run(args, Terminal.OfProcess());
