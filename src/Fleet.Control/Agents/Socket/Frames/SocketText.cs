using System.Text.Json;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket.Frames;

/// <summary>Messages as documents.</summary>
internal static class SocketText
{
    /// <exception cref="WireFaultException">It is no text, or no JSON.</exception>
    public static JsonDocument Parse(SocketMessage message) => message.IsText
        ? Envelope.Parse(message.Bytes)
        : throw new WireFaultException(WireFaults.BadRequest, "Messages are text frames.");
}
