namespace Fleet.Contracts.Chat;

/// <summary>Codes of turns that did not succeed and that decide what becomes of them.</summary>
public static class TurnErrors
{
    /// <summary>A former attempt's answer is not at the upstream, and the question is not to be asked again.</summary>
    public const string Lost = "turn_lost";

    /// <summary>The upstream said nothing for longer than it may.</summary>
    public const string UpstreamSilence = "upstream_silence";
}
