using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Bench.Agents;

/// <summary>The bus's envelope, written and opened by hand.</summary>
internal static class AgentMail
{
    public const string ContentType = "application/vnd.masstransit+json";

    public static byte[] Wrap<T>(T message, Guid messageId) where T : class => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object?>
        {
            ["messageId"] = messageId,
            ["messageType"] = new[] { MessageUrn.ForTypeString<T>() },
            ["message"] = message,
        },
        SystemTextJsonMessageSerializer.Options);

    public static MessageEnvelope Open(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize<MessageEnvelope>(body, SystemTextJsonMessageSerializer.Options)!;

    /// <summary>Null when it is of another type.</summary>
    public static T? As<T>(this MessageEnvelope envelope) where T : class =>
        envelope.MessageType!.Contains(MessageUrn.ForTypeString<T>())
            ? ((JsonElement)envelope.Message!).Deserialize<T>(SystemTextJsonMessageSerializer.Options)
            : null;
}
