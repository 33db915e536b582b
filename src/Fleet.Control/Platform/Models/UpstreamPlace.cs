namespace Fleet.Control.Platform.Models;

/// <summary>Which upstreams a call may be given to, as one text: the name of one, or what they speak.</summary>
internal static class UpstreamPlace
{
    /// <summary>The protocol of upstreams that keep conversations, and choose their model themselves.</summary>
    public const string AiChat = "aichat";

    private const string Protocol = "protocol:";

    /// <summary>Every upstream that speaks the protocol.</summary>
    public static string OfProtocol(string protocol) => Protocol + protocol;

    public static bool Is(string place, ReadyUpstream upstream) => ProtocolOf(place) is { } protocol
        ? upstream.Protocol == protocol
        : upstream.Name == place;

    /// <summary>For sentences: <c>the upstream gpu</c>.</summary>
    public static string Describe(string place) => ProtocolOf(place) is { } protocol
        ? $"an upstream that speaks {protocol}"
        : $"the upstream {place}";

    private static string? ProtocolOf(string place) =>
        place.StartsWith(Protocol, StringComparison.Ordinal) ? place[Protocol.Length..] : null;
}
