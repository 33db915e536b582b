using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Reads what agents send: of an envelope only the ids, the time, and a message of an allowed type. Addresses, headers
/// and other types in it are the sender's choice and would be obeyed with the receiver's rights. What cannot be read
/// becomes an <see cref="UnreadableMessage"/>: junk is handled like any message, without the cost of a fault.
/// </summary>
internal sealed class TrustedEnvelopes(params Type[] allowedTypes)
{
    private static readonly string Unreadable = MessageUrn.ForTypeString<UnreadableMessage>();

    private readonly Dictionary<string, Type> _allowed = allowedTypes.ToDictionary(type => MessageUrn.ForTypeString(type));

    public (JsonMessageEnvelope Envelope, object Message) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var said = JsonSerializer.Deserialize<MessageEnvelope>(body, SystemTextJsonMessageSerializer.Options);
            var type = said?.MessageType?.FirstOrDefault(name => name is not null && _allowed.ContainsKey(name));
            if (type is null || said!.Message is not JsonElement { ValueKind: JsonValueKind.Object } content)
                return Junk("It holds no message that agents may send.");
            if (!Guid.TryParse(said.MessageId, out var id))
                return Junk("It has no message id.");
            var message = content.Deserialize(_allowed[type], SystemTextJsonMessageSerializer.Options)!;
            return (Clean(id, type, message, said.SentTime), message);
        }
        catch (Exception failure) when (failure
            is JsonException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return Junk(failure.Message);
        }
    }

    private static (JsonMessageEnvelope Envelope, object Message) Junk(string reason)
    {
        var message = new UnreadableMessage(reason);
        return (Clean(Guid.CreateVersion7(), Unreadable, message, null), message);
    }

    private static JsonMessageEnvelope Clean(Guid id, string type, object message, DateTime? sentTime) => new()
    {
        MessageId = id.ToString(),
        MessageType = [type],
        Message = message,
        SentTime = sentTime,
        Headers = new Dictionary<string, object?>(),
    };
}

/// <summary>What arrived is not something that agents say.</summary>
internal sealed record UnreadableMessage(string Reason);
