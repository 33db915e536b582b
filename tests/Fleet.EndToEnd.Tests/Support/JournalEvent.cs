using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>One server-sent event of a job's journal.</summary>
internal sealed record JournalEvent(long Id, string Type, JsonElement Data)
{
    public string? Text(string field) => Data.TryGetProperty(field, out var value) ? value.GetString() : null;

    /// <summary>The state that a state event leads to.</summary>
    public string? To => Type == "state" ? Text("to") : null;
}
