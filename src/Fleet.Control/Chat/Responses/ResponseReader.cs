using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Chat.Responses;

/// <summary>Reads responses out of turns and their journals, as they are or as they come.</summary>
internal sealed class ResponseReader(
    TurnFamily family, WorkStore store, JournalFeed feed, ResponseOutputStore outputs, NpgsqlDataSource database)
{
    /// <summary>After so much silence a stream says something without meaning.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    /// <summary>Null where there is none, none of this key, or none that was to be stored.</summary>
    public async Task<AskedResponse?> Find(string id, Caller caller, CancellationToken stop) =>
        ResponseIds.TurnOfResponse(id) is { } turn
        && await store.Find(family, turn, caller, stop) is Turn found
        && AskedResponse.Of(found) is { Terms.Store: true } asked
            ? asked
            : null;

    /// <exception cref="ProblemException">There is none for this caller.</exception>
    public async Task<AskedResponse> Get(string id, Caller caller, CancellationToken stop) =>
        await Find(id, caller, stop) ?? throw NotFound();

    /// <summary>The response that has just been asked for.</summary>
    public async Task<AskedResponse> Get(Guid turn, CancellationToken stop) =>
        await store.Find(family, turn, stop) is Turn found && AskedResponse.Of(found) is { } asked ? asked : throw NotFound();

    /// <summary>As it is now, with what has come of it.</summary>
    public async Task<Response> Read(AskedResponse asked, CancellationToken stop)
    {
        if (!WorkStates.IsOver(asked.Turn.State))
            return Response.Of(asked, await Fold(asked, stop));
        if (await outputs.Find(asked.Turn.CorrelationId, stop) is { } kept)
            return Response.Of(asked, kept);
        var output = await Fold(asked, stop);
        await outputs.Keep(asked.Turn.CorrelationId, output, stop);
        return Response.Of(asked, output);
    }

    /// <summary>The events as they come, from the first; each list is what came together, and may be empty.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ResponseEvent>> Follow(
        AskedResponse asked, [EnumeratorCancellation] CancellationToken stop)
    {
        var fold = new ResponseFold(asked);
        yield return fold.Begin();
        await foreach (var page in feed.Follow(asked.Turn.CorrelationId, 0, Quiet, stop))
        {
            var isOver = page is [.., { IsLast: true }];
            var events = page.Where(entry => !entry.IsLast).SelectMany(fold.Read).ToList();
            if (isOver || page.Count == 0)
                asked = await Get(asked.Turn.CorrelationId, stop); // one that is removed would be waited for without end
            if (isOver)
                events.AddRange(fold.End(asked));
            yield return events;
        }
    }

    /// <summary>As it is when it has ended.</summary>
    public async Task<Response> Wait(AskedResponse asked, CancellationToken stop)
    {
        Response? last = null;
        await foreach (var events in Follow(asked, stop))
            last = events is [.., { Response: { } response }] ? response : last;
        return last!;
    }

    /// <summary>What its journal makes of it until now.</summary>
    private async Task<IReadOnlyList<ResponseItem>> Fold(AskedResponse asked, CancellationToken stop)
    {
        var fold = new ResponseFold(asked);
        for (var after = 0L; ;)
        {
            var before = after;
            await foreach (var entry in JournalSql.ReadPage(
                database, asked.Turn.CorrelationId, after, ResponseFold.Types, stop))
            {
                after = entry.Seq;
                if (after > asked.Turn.JournalSeq)
                    break;
                if (!entry.IsLast)
                    fold.Read(entry);
                else
                    fold.End(asked);
            }

            if (after == before || after >= asked.Turn.JournalSeq)
                return fold.Output;
        }
    }

    private static ProblemException NotFound() => new(Problem.NotFound("response"));
}
