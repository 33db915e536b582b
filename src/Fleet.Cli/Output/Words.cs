using System.Globalization;
using Fleet.Cli.Commands;

namespace Fleet.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Words
{
    public static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long ago.</summary>
    public static string? Age(DateTimeOffset? time, TimeProvider clock) =>
        time is { } at ? Durations.Words(clock.GetUtcNow() - at) : null;

    /// <summary>From one time to another, or up to now.</summary>
    public static string? Between(DateTimeOffset? from, DateTimeOffset? to, TimeProvider clock) =>
        from is { } at ? Durations.Words((to ?? clock.GetUtcNow()) - at) : null;

    public static string? Pairs(IReadOnlyDictionary<string, string>? pairs) => pairs is null
        ? null
        : string.Join(' ', pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    public static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    public static string? Bytes(long? bytes) => bytes switch
    {
        null => null,
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GiB"),
    };

    public static Tone ToneOf(string state) => state switch
    {
        "succeeded" or "completed" or "finished" or "done" or "online" or "started" => Tone.Good,
        "running" or "assigned" or "streaming" or "cancelling" or "draining" or "starting" or "stopping" => Tone.Busy,
        "failed" or "expired" or "lost" or "offline" or "revoked" or "missed" or "late" => Tone.Bad,
        _ => Tone.Plain,
    };
}
