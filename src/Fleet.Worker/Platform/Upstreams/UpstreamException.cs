using System.Net;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>An upstream did not answer as it should: with a stable code, and a sentence for people.</summary>
/// <param name="isFinal">Every further call of this kind would end the same.</param>
internal sealed class UpstreamException(string code, string sentence, bool isFinal = false) : Exception(sentence)
{
    private const int LongestSentence = 500;
    private const int LongestCode = 64;

    /// <summary>Codes by which Fleet decides what becomes of the work: no upstream may choose them.</summary>
    private static readonly string[] _deciding =
    [
        AttemptErrors.Failed, AttemptErrors.Cancelled, AttemptErrors.Timeout, AttemptErrors.AgentStopped,
        AttemptErrors.AgentRestarted, AttemptErrors.AgentLost, AttemptErrors.LeaseLost, AttemptErrors.TooLate,
        AttemptErrors.UpstreamUnreachable, AttemptErrors.UpstreamBusy, TurnErrors.Lost, ModelNotFoundCode,
    ];

    public const string ModelNotFoundCode = "model_not_found";

    public const string DeniedCode = "upstream_denied";

    private const string ErrorCode = "upstream_error";

    public string Code { get; } = code;

    public bool IsFinal { get; } = isFinal;

    /// <summary>The status of the answer, where it was that which said so.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>What the upstream itself said, where it said something.</summary>
    public string Said { get; init; } = "";

    public static UpstreamException Unreachable(string name, string why) =>
        new(AttemptErrors.UpstreamUnreachable, $"The upstream {name} cannot be reached: {Bounded(why)}");

    public static UpstreamException Busy(string name, string why) =>
        new(AttemptErrors.UpstreamBusy, $"The upstream {name} takes no further calls at the moment: {Bounded(why)}");

    public static UpstreamException Silent(string name, TimeSpan after) =>
        new(TurnErrors.UpstreamSilence, $"The upstream {name} said nothing for {after.TotalSeconds:0.#} s.");

    public static UpstreamException Cut(string name, string why) =>
        new("upstream_cut", $"The answer of the upstream {name} broke off before its end: {Bounded(why)}");

    public static UpstreamException Rubbish(string name, string why) =>
        new("upstream_rubbish", $"The upstream {name} answered with something that is no answer: {Bounded(why)}");

    public static UpstreamException Error(string name, string why) =>
        new(ErrorCode, $"The upstream {name} failed: {Bounded(why)}");

    /// <summary>An error with a code of the upstream's own: it stays, unless it would decide something here.</summary>
    /// <param name="isFinal">The upstream says so.</param>
    public static UpstreamException Own(string name, string? code, string why, bool isFinal)
    {
        if (code is null || !IsCode(code))
            return new(ErrorCode, $"The upstream {name} failed: {Bounded(why)}", isFinal);
        var shown = _deciding.Contains(code) ? ErrorCode : code;
        return new(shown, $"The upstream {name} failed ({code}): {Bounded(why)}", isFinal);
    }

    /// <summary>A former attempt asked, and what became of it cannot be known.</summary>
    public static UpstreamException Lost(string name) => new(
        TurnErrors.Lost, $"The upstream {name} was asked before, and does not have the answer.", isFinal: true);

    public static UpstreamException ModelNotFound(string name, string why) =>
        new(ModelNotFoundCode, $"The upstream {name} does not have the model: {Bounded(why)}");

    public static UpstreamException Refused(string name, string why) =>
        new("upstream_refused", $"The upstream {name} refuses the call: {Bounded(why)}", isFinal: true);

    public static UpstreamException Denied(string name, string why) =>
        new(DeniedCode, $"The upstream {name} does not accept this agent's key: {Bounded(why)}");

    public static UpstreamException TooLong(string name, int most) =>
        new("answer_too_long", $"The answer of the upstream {name} has more than {most} bytes.", isFinal: true);

    private static bool IsCode(string code) => code.Length is > 0 and <= LongestCode
        && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');

    private static string Bounded(string text)
    {
        var plain = PlainText.Of(text.Trim());
        if (plain.Length <= LongestSentence)
            return plain.Length > 0 ? plain : "it gives no reason.";
        return plain[..(char.IsHighSurrogate(plain[LongestSentence - 1]) ? LongestSentence - 1 : LongestSentence)] + "…";
    }
}
