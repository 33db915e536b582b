using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Broker;

/// <summary>Keeps messages that could not be handled.</summary>
internal sealed class DeadLetterBox(
    IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock, ILogger<DeadLetterBox> logger)
{
    private const int MostBytes = 1024 * 1024;

    /// <param name="letter">What is known of the message.</param>
    /// <param name="body">All of it.</param>
    public async Task Keep(LostMessage letter, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        BrokerLog.DeadLetter(logger, letter.Endpoint, letter.Reason);
        await using var db = await contexts.CreateDbContextAsync(stop);
        db.Add(new DeadLetter
        {
            Id = Guid.CreateVersion7(),
            Endpoint = letter.Endpoint,
            Exchange = letter.Exchange ?? letter.Endpoint,
            Reason = WithoutNul(letter.Reason),
            MessageId = letter.MessageId is null ? null : WithoutNul(letter.MessageId),
            ContentType = letter.ContentType is null ? null : WithoutNul(letter.ContentType),
            Body = body[..Math.Min(body.Length, MostBytes)].ToArray(),
            IsPart = letter.IsPart || body.Length > MostBytes,
            At = clock.Now,
        });
        await db.SaveChangesAsync(stop);
    }

    private static string WithoutNul(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>A message that nobody could handle.</summary>
/// <param name="Endpoint">The queue it was read from.</param>
/// <param name="Exchange">The exchange it came through; null when that is not known.</param>
/// <param name="IsPart">The rest of the message was handled.</param>
internal sealed record LostMessage(
    string Endpoint, string? Exchange, string Reason, string? MessageId, string? ContentType, bool IsPart = false);
