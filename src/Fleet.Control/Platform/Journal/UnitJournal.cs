using System.Text.Json;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Journal;

/// <summary>How a unit writes history: numbered within the transaction that makes it true.</summary>
internal static class UnitJournal
{
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Append<T>(this UnitOfWork unit, IJournaled of, string type, int attempt, T data) =>
        unit.Add(of, type, attempt, JsonSerializer.Serialize(data, Json), null);

    /// <param name="stream">One of the outputs of its kind, as watchers ask for it: <c>stdout</c>.</param>
    public static void AppendOutput(this UnitOfWork unit, IJournaled of, string stream, int attempt, byte[] output) =>
        unit.Add(of, stream, attempt, null, output);

    /// <summary>Closes the stream. The end's data is what its owner looks like, which no longer changes.</summary>
    public static void AppendEnd(this UnitOfWork unit, IJournaled of, int attempt) =>
        unit.Add(of, JournalEntry.End, attempt, null, null);

    private static void Add(this UnitOfWork unit, IJournaled of, string type, int attempt, string? data, byte[]? output) =>
        unit.Entries.Add(
            new JournalEntry(of.CorrelationId, ++of.JournalSeq, type, attempt, unit.Now, data, output));
}
