using System.Buffers.Binary;

namespace Fleet.Control.Schedules.When;

/// <summary>
/// By how much an occurrence starts after its due time: some whole seconds, the same whoever asks, so that schedules with
/// the same due times do not all start at once.
/// </summary>
internal static class Jitter
{
    /// <param name="most">Seconds; 0 for none.</param>
    public static TimeSpan Of(Guid schedule, DateTimeOffset due, int most)
    {
        if (most == 0)
            return TimeSpan.Zero;
        Span<byte> bytes = stackalloc byte[16];
        schedule.TryWriteBytes(bytes, bigEndian: true, out _);
        var mixed = Mix(
            BinaryPrimitives.ReadUInt64BigEndian(bytes)
            ^ Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) ^ Mix((ulong)due.ToUnixTimeSeconds())));
        return TimeSpan.FromSeconds(mixed % ((ulong)most + 1));
    }

    /// <summary>SplitMix64's finaliser (https://prng.di.unimi.it/splitmix64.c).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
