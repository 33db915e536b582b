using System.Runtime.InteropServices;

namespace Fleet.Cli.Terminals;

/// <summary>Ctrl-C and requests to end. A command may answer to Ctrl-C itself; otherwise either ends it.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Func<bool>? _answer;

    /// <summary>The command is to end.</summary>
    public CancellationToken Stop => _stop.Token;

    public static Interrupts OfProcess()
    {
        var interrupts = new Interrupts();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !interrupts.Stop.IsCancellationRequested; // what does not end when it is asked to is ended
                interrupts.Raise(isControlC: context.Signal == PosixSignal.SIGINT);
            }));
        }

        return interrupts;
    }

    /// <summary>Until the answer is disposed of, Ctrl-C asks it first.</summary>
    /// <param name="answer">True where the command goes on.</param>
    public IDisposable Answer(Func<bool> answer)
    {
        _answer = answer;
        return new Ended(this);
    }

    public void Raise(bool isControlC = true)
    {
        if (!(isControlC && _answer?.Invoke() == true))
            _stop.Cancel();
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private sealed class Ended(Interrupts interrupts) : IDisposable
    {
        public void Dispose() => interrupts._answer = null;
    }
}
