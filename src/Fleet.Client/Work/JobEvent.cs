using System.Text;
using System.Text.Json;

namespace Fleet.Client.Work;

/// <summary>One entry of a job's journal.</summary>
/// <param name="Seq">Its number, from 1 without gaps: what to go on behind.</param>
public abstract record JobEvent(long Seq)
{
    /// <summary>What an attempt wrote.</summary>
    /// <param name="Stream"><c>stdout</c> or <c>stderr</c>; of a model <c>content thinking tool_calls</c>.</param>
    public sealed record Output(long Seq, string Stream, ReadOnlyMemory<byte> Bytes, int Attempt) : JobEvent(Seq);

    /// <param name="From">Null where the job is new.</param>
    /// <param name="At">Null in what older versions wrote.</param>
    public sealed record StateChanged(
        long Seq, string? From, string To, int Attempt, string? Reason, string? Agent, DateTimeOffset? At = null) : JobEvent(Seq);

    /// <param name="Fraction">0 to 1.</param>
    public sealed record Progressed(long Seq, double Fraction, string Text) : JobEvent(Seq);

    /// <summary>The last entry.</summary>
    /// <param name="Job">How it ended; null where it was removed meanwhile.</param>
    public sealed record Ended(long Seq, Job? Job) : JobEvent(Seq);

    /// <summary>Any other entry, as it was written.</summary>
    public sealed record Other(long Seq, string Type, JsonElement Data) : JobEvent(Seq);

    /// <exception cref="JsonException">The data is not what its type says.</exception>
    internal static JobEvent Parse(string type, ReadOnlySpan<byte> data) => type switch
    {
        "output" => Read<OutputData>(data).Event(),
        "state" => Read<StateChanged>(data),
        "progress" => Read<Progressed>(data),
        "end" => new Ended(0, JsonSerializer.Deserialize<Job>(data, FleetJson.Options)),
        _ => new Other(0, type, JsonSerializer.Deserialize<JsonElement>(data, FleetJson.Options)),
    };

    private static T Read<T>(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<T>(data, FleetJson.Options)!;

    /// <param name="Bytes">Base64 of what was written, where it is no valid UTF-8.</param>
    private sealed record OutputData(string Stream, string Text, string? Bytes, int Attempt)
    {
        public Output Event() => new(
            0, Stream, Bytes is null ? Encoding.UTF8.GetBytes(Text) : Convert.FromBase64String(Bytes), Attempt);
    }
}
