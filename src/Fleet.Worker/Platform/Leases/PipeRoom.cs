using System.Runtime.InteropServices;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Leases;

/// <summary>Whether a pipe takes a line (up to 4 KiB) without making its writer wait.</summary>
internal static unsafe class PipeRoom
{
    private const short Writable = 4; // POLLOUT

    public static bool Has(SafeHandle pipe)
    {
        var entry = new Libc.PollEntry { File = (int)pipe.DangerousGetHandle(), Events = Writable };
        return Libc.Poll(&entry, 1, 0) > 0;
    }
}
