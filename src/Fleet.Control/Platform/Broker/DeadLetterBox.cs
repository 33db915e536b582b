using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Broker;

/// <summary>Keeps messages that could not be handled.</summary>
internal sealed class DeadLetterBox(
    IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock, ILogger<DeadLetterBox> logger)
{
    private const int MostBytes = 1024 * 1024;

    public async Task Keep(
        string endpoint, string reason, string? messageId, string? contentType, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        BrokerLog.DeadLetter(logger, endpoint, reason);
        await using var db = await contexts.CreateDbContextAsync(stop);
        db.Add(new DeadLetter
        {
            Id = Guid.CreateVersion7(),
            Endpoint = endpoint,
            Reason = WithoutNul(reason),
            MessageId = messageId is null ? null : WithoutNul(messageId),
            ContentType = contentType is null ? null : WithoutNul(contentType),
            Body = body[..Math.Min(body.Length, MostBytes)].ToArray(),
            At = clock.Now,
        });
        await db.SaveChangesAsync(stop);
    }

    private static string WithoutNul(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}
