using System.Globalization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>What the attempts of a job really did, and when: a file per attempt, with a line every tenth of a second.</summary>
internal sealed class SideEffects(FleetHome home)
{
    private readonly string _file = home.NewFile();

    /// <summary>A script that does something for so long, in a group of its own that no longer hears of the first.</summary>
    public string Script(int seconds) =>
        $"i=0; while [ $i -lt {seconds * 10} ]; do date +%s.%N >> {_file}-$FLEET_ATTEMPT; sleep 0.1; i=$((i+1)); done";

    /// <summary>Seconds of the first and the last thing an attempt did, by the host's clock.</summary>
    public (double From, double To) Of(int attempt)
    {
        var times = File.ReadAllLines($"{_file}-{attempt}");
        return (Second(times[0]), Second(times[^1]));
    }

    /// <summary>A shell makes the file before there is anything to write.</summary>
    public bool Began(int attempt) => new FileInfo($"{_file}-{attempt}") is { Exists: true, Length: > 0 };

    private static double Second(string line) => double.Parse(line, CultureInfo.InvariantCulture);
}
