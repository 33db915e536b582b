using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Agents;

namespace Fleet.Worker.Agents.Events;

/// <summary>Who is logged on, as <c>systemd-logind</c> has it: a file of lines <c>NAME=value</c> for each session.</summary>
internal static class LogindSessions
{
    /// <summary>More than any host has; the others are not read.</summary>
    public const int MostSessions = 2000;

    private const int MostBytes = 16 * 1024;

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static async Task<IReadOnlyList<HostEvent>> Read(string directory, CancellationToken stop)
    {
        var found = new List<HostEvent>();
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => !Path.GetFileName(file).Contains('.')).Take(MostSessions))
        {
            if (await TextOf(file, stop) is { } text && Of(Path.GetFileName(file), text) is { } logon)
                found.Add(logon);
        }

        return found;
    }

    /// <summary>Null for a session that is no person's, such as that of a greeter, and for one that is not written whole yet.</summary>
    public static HostEvent? Of(string session, string text)
    {
        var fields = text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(pairs => pairs.Key, pairs => pairs.First()[1]);
        if (!fields.GetValueOrDefault("CLASS", "").StartsWith("user", StringComparison.Ordinal)
            || fields.GetValueOrDefault("USER") is not { Length: > 0 }
            || !long.TryParse(fields.GetValueOrDefault("REALTIME"), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > uint.MaxValue * 1_000_000L)
            return null;
        return new HostEvent(HostEvent.Logon, KeyOf($"{session}\0{at}"), DateTimeOffset.UnixEpoch.AddMicroseconds(at));
    }

    /// <summary>By the session and its time: whose it is stays here.</summary>
    private static Guid KeyOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>Null for one that has just gone, and for what is no session's file.</summary>
    private static async Task<string?> TextOf(string path, CancellationToken stop)
    {
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bytes = new byte[MostBytes];
            return Encoding.UTF8.GetString(bytes, 0, await file.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, stop));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
