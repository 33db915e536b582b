using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Control.Platform.Broker;

/// <summary>Reads what agents send through <see cref="TrustedEnvelopes"/>, whatever it says of its own content type.</summary>
internal sealed class TrustedTypesSerializer(params Type[] allowedTypes) : ISerializerFactory
{
    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => new SystemTextJsonMessageSerializer();

    public IMessageDeserializer CreateDeserializer() =>
        new Deserializer(new TrustedEnvelopes(allowedTypes));

    private sealed class Deserializer(TrustedEnvelopes envelopes) : IMessageDeserializer
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
            var (envelope, message) = envelopes.Read(body.GetBytes());
            return new SystemTextJsonSerializerContext(
                _json,
                SystemTextJsonMessageSerializer.Options,
                ContentType,
                new EnvelopeMessageContext(envelope, _json),
                envelope.MessageType!,
                envelope,
                message);
        }
    }
}
