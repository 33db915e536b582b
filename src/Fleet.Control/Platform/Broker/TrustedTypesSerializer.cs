using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Reads what agents send: of an envelope only the ids, the time, and a message of an allowed type. Addresses, headers
/// and other types in it are the sender's choice and would be obeyed with the receiver's rights.
/// </summary>
internal sealed class TrustedTypesSerializer(params string[] allowedTypes) : ISerializerFactory
{
    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => new SystemTextJsonMessageSerializer();

    public IMessageDeserializer CreateDeserializer() => new Deserializer(allowedTypes);

    private sealed class Deserializer(string[] allowed) : IMessageDeserializer
    {
        private readonly SystemTextJsonMessageSerializer _json = new();

        public ContentType ContentType => _json.ContentType;

        public void Probe(ProbeContext context) => context.CreateScope("trusted-types");

        public MessageBody GetMessageBody(string text) => _json.GetMessageBody(text);

        public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(
            receiveContext,
            Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

        public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
        {
            try
            {
                var envelope = Clean(body);
                return new SystemTextJsonSerializerContext(
                    _json,
                    SystemTextJsonMessageSerializer.Options,
                    ContentType,
                    new EnvelopeMessageContext(envelope, _json),
                    envelope.MessageType!,
                    envelope);
            }
            catch (Exception failure) when (failure is JsonException or FormatException or ArgumentException)
            {
                throw new SerializationException("This is not an envelope.", failure);
            }
        }

        private JsonMessageEnvelope Clean(MessageBody body)
        {
            var said = JsonSerializer.Deserialize<MessageEnvelope>(body.GetBytes(), SystemTextJsonMessageSerializer.Options)
                ?? throw new SerializationException("The envelope is empty.");
            var types = (said.MessageType ?? []).Where(allowed.Contains).ToArray();
            if (types.Length == 0)
                throw new SerializationException("The envelope holds no message that agents may send.");
            if (!Guid.TryParse(said.MessageId, out _))
                throw new SerializationException("The envelope has no message id.");
            return new JsonMessageEnvelope
            {
                MessageId = said.MessageId,
                MessageType = types,
                Message = said.Message,
                SentTime = said.SentTime,
                Headers = new Dictionary<string, object?>(),
            };
        }
    }
}
