using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Control.Agents.Socket;

/// <summary>What lies in the queue of an agent: envelopes of the bus.</summary>
internal static class BusMessages
{
    /// <summary>The message and its type among these; null for what is none of them, or cannot be read.</summary>
    public static object? Read(byte[] body, IReadOnlyDictionary<string, Type> types)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize<MessageEnvelope>(body, SystemTextJsonMessageSerializer.Options);
            var name = envelope?.MessageType?.FirstOrDefault(types.ContainsKey);
            return name is not null && envelope!.Message is JsonElement { ValueKind: JsonValueKind.Object } message
                ? message.Deserialize(types[name], SystemTextJsonMessageSerializer.Options)
                : null;
        }
        catch (JsonException)
        {
            return null; // Control alone writes here: a later version of it
        }
    }

    public static IReadOnlyDictionary<string, Type> Types(params Type[] types) =>
        types.ToDictionary(type => MessageUrn.ForTypeString(type));
}
