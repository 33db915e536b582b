using System.Globalization;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Chat.Conversations;

/// <summary>Conversations and their turns, as far as they are the key's.</summary>
internal sealed class ConversationQueries(
    IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, WorkRowStore<Turn> rows)
{
    /// <summary>Null when there is none, or none of this key.</summary>
    public async Task<Conversation?> Find(string wireId, Guid key, CancellationToken stop)
    {
        if (!WireId.TryParse(wireId, out var id))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = await db.Set<Conversation>().AsNoTracking().SingleOrDefaultAsync(one => one.CorrelationId == id, stop);
        return found?.IsOf(key) == true ? found : null;
    }

    /// <summary>What was asked about last comes first.</summary>
    /// <param name="search">A piece of the title or of any of the texts; null means all.</param>
    public async Task<PageOf<ConversationView>> List(Guid key, string? search, Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Conversation>().AsNoTracking().Where(one => one.Owner == key && one.DeletedAt == null);
        if (!string.IsNullOrWhiteSpace(search))
        {
            var pattern = $"%{search.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
            found = found.Where(one => EF.Functions.ILike(one.Title!, pattern, @"\")
                || db.Set<Exchange>().Any(said => said.ConversationId == one.CorrelationId && !said.IsReplaced
                    && (EF.Functions.ILike(said.Question, pattern, @"\") || EF.Functions.ILike(said.Answer!, pattern, @"\"))));
        }

        if (page.After is { } after)
        {
            var (at, id) = Place(after);
            found = found.Where(one => one.ChangedAt < at || (one.ChangedAt == at && one.CorrelationId < id));
        }

        var some = await found.OrderByDescending(one => one.ChangedAt).ThenByDescending(one => one.CorrelationId)
            .Take(page.Limit + 1).ToListAsync(stop);
        return page.Cut(some, PlaceOf, ConversationView.Of);
    }

    /// <summary>The turns of a conversation, the latest first, each with the answer that counts.</summary>
    public async Task<PageOf<TurnView>> Turns(Conversation conversation, Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var some = db.Set<Exchange>().AsNoTracking()
            .Where(one => one.ConversationId == conversation.CorrelationId && !one.IsReplaced);
        if (page.After is { } after)
        {
            if (!int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw Page.WrongCursor();
            some = some.Where(one => one.Number < number);
        }

        var exchanges = await some.OrderByDescending(one => one.Number).Take(page.Limit + 1).ToListAsync(stop);
        await using var connection = await database.OpenConnectionAsync(stop);
        var turns = await rows.Read(connection, [.. exchanges.Take(page.Limit).Select(one => one.TurnId)], stop)
            .ToDictionaryAsync(turn => turn.CorrelationId, cancellationToken: stop);
        return page.Cut(
            exchanges,
            one => one.Number.ToString(CultureInfo.InvariantCulture),
            one => View(one, turns.GetValueOrDefault(one.TurnId)));
    }

    /// <summary>The conversation in which something is done with a turn: its own, or the branch that is named.</summary>
    /// <exception cref="ProblemException">It is gone, or the turn is not in it.</exception>
    public async Task<Conversation> PlaceOf(Turn turn, string? named, Guid key, CancellationToken stop)
    {
        if (await Find(named ?? WireId.Format(turn.ConversationId), key, stop) is not { } place)
            throw new ProblemException(Problem.NotFound("conversation"));
        await using var db = await contexts.CreateDbContextAsync(stop);
        return place.CorrelationId == turn.ConversationId || await db.Set<Exchange>().AnyAsync(
            one => one.ConversationId == place.CorrelationId && one.TurnId == turn.CorrelationId, stop)
            ? place
            : throw new ProblemException(Problem.Invalid("conversation_id", "The turn is not in this conversation."));
    }

    private static TurnView View(Exchange exchange, Turn? turn) => turn is null
        ? TurnView.Of(exchange)
        : TurnView.Of(turn) with
        {
            ConversationId = exchange.ConversationId,
            Number = exchange.Number,
            Links = TurnLinksView.Of(turn.CorrelationId, exchange.ConversationId, isShared: exchange.IsCopy),
        };

    private static string PlaceOf(Conversation conversation) => string.Create(
        CultureInfo.InvariantCulture, $"{conversation.ChangedAt.UtcTicks} {conversation.CorrelationId:N}");

    private static (DateTimeOffset At, Guid Id) Place(string after) =>
        after.Split(' ') is [var ticks, var text]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at < DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParseExact(text, "N", out var id)
            ? (new DateTimeOffset(at, TimeSpan.Zero), id)
            : throw Page.WrongCursor();
}
