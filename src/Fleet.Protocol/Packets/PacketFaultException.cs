namespace Fleet.Protocol.Packets;

/// <summary>A request that is answered with an error packet; the connection lives on.</summary>
/// <param name="message">In the words that clients know.</param>
/// <param name="details">An id, a parser's text, or the allowed values.</param>
public sealed class PacketFaultException(PacketError error, string message, string details = "") : Exception(message)
{
    /// <summary>The code.</summary>
    public PacketError Error { get; } = error;

    /// <summary>What exactly.</summary>
    public string Details { get; } = details;

    /// <summary>The request is not as it should be.</summary>
    public static PacketFaultException Invalid(string message, string details = "") =>
        new(PacketError.InvalidRequest, message, details);
}
