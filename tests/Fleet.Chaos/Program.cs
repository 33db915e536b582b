using System.Runtime.InteropServices;
using Fleet.Chaos;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(ChaosOptions.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    return await new ChaosRun(ChaosOptions.Parse(args)).Run(stop.Token);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message} --help tells more.");
    return 64; // EX_USAGE of sysexits.h
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// the fleet that was started is taken down before the program ends
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
