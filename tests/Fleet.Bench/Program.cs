using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Bench;
using Fleet.Bench.Schedules;
using Fleet.Bench.Sockets;
using Fleet.Bench.Target;
using Fleet.Bench.Turns;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(BenchHelp.Text);
    return 0;
}

if (args is [BareServer.Command, var words])
    return await BareServer.Run(int.Parse(words, CultureInfo.InvariantCulture));
if (args is [BareSocket.Command])
    return await BareSocket.Run();
if (args is [BareQuartz.Command, var triggers])
    return await BareQuartz.Run(int.Parse(triggers, CultureInfo.InvariantCulture));

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    return await new BenchRun(BenchOptions.Parse(args), FleetHome.Find()).Run(stop.Token);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message} --help tells more.");
    return 64; // EX_USAGE of sysexits.h
}
catch (FleetAbsentException absent)
{
    await Console.Error.WriteLineAsync(absent.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// what was created is deleted, and who was stopped is started, before the program ends
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
