using Fleet.Control.Platform.Access.Keys;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>Twelve letters in which two people can compare what a host and Control believe.</summary>
internal static class AgentFingerprint
{
    /// <summary>Of a hash that only the holder of the secret could have caused: <c>4f0a-91c2-77de</c>.</summary>
    public static string Of(KeyHash claim)
    {
        var hex = Convert.ToHexStringLower(claim.ToBytes().AsSpan(0, 6));
        return $"{hex[..4]}-{hex[4..8]}-{hex[8..]}";
    }
}
