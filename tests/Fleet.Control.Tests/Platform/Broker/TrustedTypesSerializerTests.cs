using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Broker;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Control.Tests.Platform.Broker;

/// <summary>What is left of a message of an agent, who may write what he likes.</summary>
public sealed class TrustedTypesSerializerTests
{
    private static readonly string ReportType = MessageUrn.ForTypeString<AgentReport>();

    private static readonly AgentReport Report = new(
        "worker-1",
        Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"),
        7,
        [
            new AttemptReport(
                Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), JobKinds.Noop, 1, Started: true,
                [new OutputChunk("stdout", "x"u8.ToArray())], new ProgressReport(0.5, "half"),
                new AttemptResult(AttemptOutcome.Failed, 1)),
        ]);

    private readonly IMessageDeserializer _trusted =
        new TrustedTypesSerializer(typeof(AgentReport), typeof(AgentBeat)).CreateDeserializer();

    [Fact]
    public void An_honest_report_arrives()
    {
        var read = Read(Envelope());
        read.TryGetMessage<AgentReport>(out var report).ShouldBeTrue();
        JsonSerializer.Serialize(report).ShouldBe(JsonSerializer.Serialize(Report));
        read.MessageId.ShouldBe(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8059"));
        read.SentTime.ShouldBe(new DateTime(2030, 1, 31, 12, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void Addresses_and_headers_of_the_senders_choice_are_dropped()
    {
        var envelope = Envelope();
        foreach (var address in (string[])["sourceAddress", "destinationAddress", "responseAddress", "faultAddress"])
            envelope[address] = "rabbitmq://localhost/pwned";
        foreach (var id in (string[])["requestId", "correlationId", "conversationId", "initiatorId"])
            envelope[id] = Guid.NewGuid().ToString();
        envelope["expirationTime"] = "2001-01-01T00:00:00Z";
        envelope["headers"] = new JsonObject
        {
            ["MT-Fault-Address"] = "rabbitmq://localhost/pwned",
            ["MT-Forwarder-Address"] = "x",
            ["MT-Scheduling-TokenId"] = "y",
        };
        envelope["host"] = new JsonObject { ["machineName"] = "liar" };

        var read = Read(envelope);
        (read.SourceAddress, read.DestinationAddress, read.ResponseAddress, read.FaultAddress)
            .ShouldBe((null, null, null, null));
        (read.RequestId, read.CorrelationId, read.ConversationId, read.InitiatorId).ShouldBe((null, null, null, null));
        read.ExpirationTime.ShouldBeNull();
        read.Headers.GetAll().ShouldBeEmpty();
        read.Host.MachineName.ShouldNotBe("liar");
    }

    [Fact]
    public void Only_messages_that_agents_may_send_are_seen()
    {
        var envelope = Envelope();
        envelope["messageType"] = new JsonArray(
            MessageUrn.ForTypeString<CancelWork>(), null, ReportType, MessageUrn.ForTypeString<Fault<AgentReport>>(), "nonsense");
        var read = Read(envelope);
        read.SupportedMessageTypes.ShouldBe([ReportType]);
        read.TryGetMessage<CancelWork>(out _).ShouldBeFalse();
        read.TryGetMessage<AgentReport>(out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("urn:message:Fleet.Contracts.Jobs:CancelWork")]
    [InlineData("urn:message:fleet.contracts.agents:agentreport")]
    [InlineData("urn:message:Fleet.Contracts.Agents:AgentReport ")]
    [InlineData("")]
    public void A_message_of_another_type_is_refused(string type)
    {
        var envelope = Envelope();
        envelope["messageType"] = new JsonArray(type);
        IsRefused(Read(envelope));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"messageType\":null}")]
    [InlineData("{\"messageType\":\"urn:message:Fleet.Contracts.Agents:AgentReport\"}")]
    [InlineData("{\"messageType\":[\"urn:message:Fleet.Contracts.Agents:AgentReport\"]}")]
    [InlineData("{\"messageId\":\"x\",\"messageType\":[\"urn:message:Fleet.Contracts.Agents:AgentReport\"],\"message\":{}}")]
    [InlineData("{\"messageId\":7,\"messageType\":[\"urn:message:Fleet.Contracts.Agents:AgentReport\"],\"message\":{}}")]
    [InlineData("\u0000")]
    public void What_is_no_envelope_is_refused(string body) =>
        IsRefused(Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Deep_nesting_is_refused() =>
        IsRefused(Read(Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000))));

    /// <summary>Whatever comes, it is a message of an agent or unreadable, and never anything else.</summary>
    [Fact]
    public void Ten_thousand_malformed_envelopes_harm_nobody()
    {
        var random = new Random(4711);
        var honest = Encoding.UTF8.GetBytes(Envelope().ToJsonString());
        var read = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var body = i % 2 == 0 ? Damage(honest, random) : Encoding.UTF8.GetBytes(Distort(random).ToJsonString());
            var context = Read(body);
            context.MessageId.ShouldNotBeNull();
            (context.ResponseAddress, context.FaultAddress).ShouldBe((null, null));
            if (context.TryGetMessage<UnreadableMessage>(out _))
                continue;
            read++;
            context.SupportedMessageTypes.ShouldAllBe(type => type.EndsWith(":AgentReport") || type.EndsWith(":AgentBeat"));
            (context.TryGetMessage<AgentReport>(out _) || context.TryGetMessage<AgentBeat>(out _)).ShouldBeTrue();
        }

        read.ShouldBeInRange(1000, 9000); // both happen
    }

    private static void IsRefused(SerializerContext read)
    {
        read.SupportedMessageTypes.ShouldBe([MessageUrn.ForTypeString<UnreadableMessage>()]);
        read.TryGetMessage<AgentReport>(out _).ShouldBeFalse();
        read.TryGetMessage<UnreadableMessage>(out var unreadable).ShouldBeTrue();
        unreadable!.Reason.ShouldNotBeEmpty();
    }

    private static JsonObject Envelope() => new()
    {
        ["messageId"] = "01890a5d-ac96-774b-bcce-b302099a8059",
        ["messageType"] = new JsonArray(ReportType),
        ["message"] = JsonSerializer.SerializeToNode(Report, SystemTextJsonMessageSerializer.Options),
        ["sentTime"] = "2030-01-31T12:00:00Z",
        ["headers"] = new JsonObject(),
    };

    private static byte[] Damage(byte[] honest, Random random)
    {
        var body = honest.ToList();
        for (var count = random.Next(1, 8); count > 0; count--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(4))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body.RemoveAt(at); break;
                case 2: body.Insert(at, (byte)"{}[]\",:0-eE."[random.Next(12)]); break;
                default: body.RemoveRange(at, random.Next(Math.Min(20, body.Count - at))); break;
            }
        }

        return [.. body];
    }

    /// <summary>Valid JSON with the wrong things in it.</summary>
    private static JsonObject Distort(Random random)
    {
        var envelope = Envelope();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var parent = envelope;
            while (random.Next(2) == 0 && parent.Select(field => field.Value).OfType<JsonObject>().ToList() is { Count: > 0 } inner)
                parent = inner[random.Next(inner.Count)];
            string[] names =
            [
                .. parent.Select(field => field.Key),
                "responseAddress", "faultAddress", "expirationTime", "headers", "host", "requestId", "$type", "Message",
            ];
            parent[names[random.Next(names.Length)]] = Odd(random);
        }

        return envelope;
    }

    private static JsonNode? Odd(Random random) => random.Next(16) switch
    {
        0 => null,
        1 => "",
        2 => "rabbitmq://localhost/pwned",
        3 => "::not a uri::",
        4 => -1,
        5 => long.MaxValue,
        6 => 1.5,
        7 => JsonNode.Parse("1e999"),
        8 => true,
        9 => new JsonArray(),
        10 => new JsonArray((JsonNode?)null),
        11 => new JsonArray(ReportType, 7),
        12 => new JsonObject(),
        13 => new JsonObject { ["MT-Fault-Address"] = "x" },
        14 => "9999-99-99T99:99:99Z",
        _ => "a\0b\uFFFF",
    };

    private SerializerContext Read(JsonObject envelope) => Read(Encoding.UTF8.GetBytes(envelope.ToJsonString()));

    private SerializerContext Read(byte[] body) =>
        _trusted.Deserialize(new BytesMessageBody(body), new DictionarySendHeaders(), new Uri("rabbitmq://localhost/fleet-reports"));
}
