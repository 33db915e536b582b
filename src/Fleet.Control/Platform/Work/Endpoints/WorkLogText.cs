using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Npgsql;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>What work wrote, byte for byte: <c>?stream=&amp;after=&amp;follow=true</c>.</summary>
internal static class WorkLogText
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static async Task<IResult> Read(
        string id,
        string? stream,
        string? follow,
        HttpContext context,
        IWorkFamily family,
        Caller caller,
        WorkStore store,
        WorkKinds kinds,
        JournalFeed feed,
        NpgsqlDataSource database,
        CancellationToken stop)
    {
        var outputs = kinds.OutputsOf(family);
        if (stream is not null && !outputs.Contains(stream))
            return Problem.Invalid("stream", $"Use one of {string.Join(", ", outputs)}, or leave it out for all.");
        if (follow is not (null or "true" or "false"))
            return Problem.Invalid("follow", "Use true or false.");
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        var after = WorkStream.ReadAfter(context.Request, work);

        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (follow == "true")
            await Follow(context, feed, family, store, work, after, stream, stop);
        else
            await Copy(context, database, work, after, stream is null ? [.. outputs] : [stream], stop);
        if (await store.Find(family, work.CorrelationId, stop) is null)
            context.Abort(); // removed meanwhile: only a broken connection tells that this may not be all of it
        return Results.Empty;
    }

    private static async Task Follow(
        HttpContext context, JournalFeed feed, IWorkFamily family, WorkStore store, WorkRow work, long after, string? stream,
        CancellationToken stop)
    {
        await context.Response.StartAsync(stop);
        await foreach (var page in feed.Follow(work.CorrelationId, after, Quiet, stop))
        {
            if (page.Count == 0 && await store.Find(family, work.CorrelationId, stop) is null)
                return;
            foreach (var entry in page.Where(entry => entry.IsOutput && (stream is null || entry.Type == stream)))
                await context.Response.Body.WriteAsync(entry.Output, stop);
            await context.Response.Body.FlushAsync(stop);
        }
    }

    private static async Task Copy(
        HttpContext context, NpgsqlDataSource database, WorkRow work, long after, string[] streams, CancellationToken stop)
    {
        for (var more = true; more;)
        {
            more = false;
            var page = new List<JournalEntry>();
            await foreach (var entry in JournalSql.ReadPage(database, work.CorrelationId, after, streams, stop))
                page.Add(entry);
            foreach (var entry in page)
            {
                await context.Response.Body.WriteAsync(entry.Output, stop);
                after = entry.Seq;
                more = true;
            }
        }
    }
}
