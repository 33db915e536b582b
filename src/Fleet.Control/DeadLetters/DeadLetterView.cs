using System.Text;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.DeadLetters;

/// <summary>A dead letter as admins see it.</summary>
/// <param name="Endpoint">The queue it was read from.</param>
/// <param name="Exchange">The exchange it came through, and goes through when it is replayed.</param>
/// <param name="Size">Bytes that were kept.</param>
/// <param name="BodyPreview">The beginning as text; what is no text is shown as replacement characters.</param>
internal sealed record DeadLetterView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid LetterId,
    string Endpoint,
    string Exchange,
    string Reason,
    string? MessageId,
    string? ContentType,
    int Size,
    string BodyPreview,
    DateTimeOffset At,
    DateTimeOffset? ReplayedAt)
{
    private const int PreviewBytes = 2048;

    public static DeadLetterView Of(DeadLetter letter) => new(
        letter.Id,
        letter.Endpoint,
        letter.Exchange,
        letter.Reason,
        letter.MessageId,
        letter.ContentType,
        letter.Body.Length,
        Encoding.UTF8.GetString(letter.Body.AsSpan(0, Math.Min(letter.Body.Length, PreviewBytes))),
        letter.At,
        letter.ReplayedAt);
}
