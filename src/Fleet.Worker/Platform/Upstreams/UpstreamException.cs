using Fleet.Contracts.Attempts;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>An upstream did not answer as it should: with a stable code, and a sentence for people.</summary>
/// <param name="isFinal">Every further call of this kind would end the same.</param>
internal sealed class UpstreamException(string code, string sentence, bool isFinal = false) : Exception(sentence)
{
    private const int LongestSentence = 500;

    public const string ModelNotFoundCode = "model_not_found";

    public string Code { get; } = code;

    public bool IsFinal { get; } = isFinal;

    public static UpstreamException Unreachable(string name, string why) =>
        new(AttemptErrors.UpstreamUnreachable, $"The upstream {name} cannot be reached: {Bounded(why)}");

    public static UpstreamException Busy(string name, string why) =>
        new(AttemptErrors.UpstreamBusy, $"The upstream {name} takes no further calls at the moment: {Bounded(why)}");

    public static UpstreamException Silent(string name, TimeSpan after) =>
        new("upstream_silence", $"The upstream {name} said nothing for {after.TotalSeconds:0.#} s.");

    public static UpstreamException Cut(string name, string why) =>
        new("upstream_cut", $"The answer of the upstream {name} broke off before its end: {Bounded(why)}");

    public static UpstreamException Rubbish(string name, string why) =>
        new("upstream_rubbish", $"The upstream {name} answered with something that is no answer: {Bounded(why)}");

    public static UpstreamException Error(string name, string why) =>
        new("upstream_error", $"The upstream {name} failed: {Bounded(why)}");

    public static UpstreamException ModelNotFound(string name, string why) =>
        new(ModelNotFoundCode, $"The upstream {name} does not have the model: {Bounded(why)}");

    public static UpstreamException Refused(string name, string why) =>
        new("upstream_refused", $"The upstream {name} refuses the call: {Bounded(why)}", isFinal: true);

    public static UpstreamException Denied(string name, string why) =>
        new("upstream_denied", $"The upstream {name} does not accept this agent's key: {Bounded(why)}");

    public static UpstreamException TooLong(string name, int most) =>
        new("answer_too_long", $"The answer of the upstream {name} has more than {most} bytes.", isFinal: true);

    private static string Bounded(string text)
    {
        var plain = PlainText.Of(text.Trim());
        if (plain.Length <= LongestSentence)
            return plain.Length > 0 ? plain : "it gives no reason.";
        return plain[..(char.IsHighSurrogate(plain[LongestSentence - 1]) ? LongestSentence - 1 : LongestSentence)] + "…";
    }
}
