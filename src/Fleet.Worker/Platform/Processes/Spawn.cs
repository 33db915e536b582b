using System.Runtime.InteropServices;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// Starts a process by posix_spawn: as the leader of a session of its own, with the signals as a fresh login has
/// them (.NET ignores SIGPIPE), and with no open file but 0, 1 and 2.
/// </summary>
internal sealed unsafe class Spawn : IDisposable
{
    private const int RoomForAnyStructure = 1024; // glibc's largest here is 336 bytes

    private readonly void* _actions = NativeMemory.AllocZeroed(RoomForAnyStructure);
    private readonly void* _attributes = NativeMemory.AllocZeroed(RoomForAnyStructure);

    public Spawn()
    {
        Check(SpawnCalls.InitActions(_actions));
        Check(SpawnCalls.InitAttributes(_attributes));
        Check(SpawnCalls.SetFlags(
            _attributes, SpawnCalls.DefaultSignals | SpawnCalls.SignalMask | SpawnCalls.NewSession));
        var signals = stackalloc byte[128];
        _ = SpawnCalls.FillSignals(signals);
        Check(SpawnCalls.SetDefaultSignals(_attributes, signals));
        _ = SpawnCalls.EmptySignals(signals);
        Check(SpawnCalls.SetSignalMask(_attributes, signals));
    }

    public void ChangeDirectory(string path) => Check(SpawnCalls.AddChangeDirectory(_actions, path));

    public void OpenForReading(int file, string path) => Check(SpawnCalls.AddOpen(_actions, file, path, 0, 0));

    public void OpenForWriting(int file, string path) => Check(SpawnCalls.AddOpen(_actions, file, path, 1, 0));

    public void Duplicate(SafeHandle from, int to) =>
        Check(SpawnCalls.AddDuplicate(_actions, (int)from.DangerousGetHandle(), to));

    public void CloseFrom(int first) => Check(SpawnCalls.AddCloseFrom(_actions, first));

    /// <summary>The id of the new process, or minus the error number.</summary>
    public int Start(string path, IReadOnlyList<string> args, IReadOnlyList<string> environment)
    {
        using var nativeArgs = new NativeStrings(args);
        using var nativeEnvironment = new NativeStrings(environment);
        var (arguments, variables) = ((nint)nativeArgs.Pointer, (nint)nativeEnvironment.Pointer);
        return OwnChildren.Start(() =>
        {
            int process;
            var error = SpawnCalls.Spawn(&process, path, _actions, _attributes, (byte**)arguments, (byte**)variables);
            return error == 0 ? process : -error;
        });
    }

    public void Dispose()
    {
        _ = SpawnCalls.DestroyActions(_actions);
        _ = SpawnCalls.DestroyAttributes(_attributes);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_attributes);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new ChildStartException($"A process cannot be prepared: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private sealed class NativeStrings : IDisposable
    {
        private readonly int _count;

        public NativeStrings(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(nint));
            for (var i = 0; i < _count; i++)
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            NativeMemory.Free(Pointer);
        }
    }
}
