using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Search;
using Npgsql;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>
/// Looks for results in all there are, newest first, within a time. The database narrows down, by its indexes, what can match at all;
/// what is left is matched here. First the newest are looked at in their order, since a frequent text is among them; then what an
/// index of trigrams has of the texts that every match holds, and what indexes have of the agents and manifests that can be meant.
/// </summary>
internal sealed class ResultSearch(SearchDatabase database, SearchSettings settings, TimeProvider clock)
{
    private const int FirstBatch = 500;
    private const int LargestBatch = 20_000;

    /// <summary>After so many that were looked at in their order, the index is asked for the rest.</summary>
    private const int InOrder = 2000;

    /// <param name="after">The last that was found before; null from the newest.</param>
    /// <exception cref="ProblemException">There is no turn to be had.</exception>
    public async Task<FoundResults> Find(ResultQuery query, ResultPlace? after, int most, CancellationToken stop)
    {
        await using var turn = await database.Patient(stop)
            ?? throw new ProblemException(Problem.Unavailable("search_busy", "Others are searching; try again soon."));
        var look = new ResultLook(turn.Connection, query, clock, TimeSpan.FromSeconds(settings.TimeLimitSeconds));
        var found = new List<ResultPlace>();
        var isWhole = true;
        try
        {
            if (query.Status is null or ResultQuery.Running)
                found.AddRange(await look.Running(after, stop));
            if (query.Status != ResultQuery.Running)
                isWhole = await Finished(look, found, query, after, most, stop);
        }
        catch (PostgresException over) when (SearchScan.IsOverTime(over) && !stop.IsCancellationRequested)
        {
            isWhole = false;
        }
        catch (RegexMatchTimeoutException)
        {
            isWhole = false;
        }

        return new FoundResults(
            [.. found.OrderByDescending(place => place.StartedAt).ThenByDescending(place => place.Id).Take(most)],
            isWhole || found.Count >= most);
    }

    /// <summary>422, for wires that know no partial answers.</summary>
    public ProblemException TookTooLong() => new(new ProblemResult(422, "search_timeout", string.Create(
        CultureInfo.InvariantCulture,
        $"The search was ended after {settings.TimeLimitSeconds} s: name a longer literal text in it, a status, or since when.")));

    /// <returns>False when the time was over before.</returns>
    private static async Task<bool> Finished(
        ResultLook look, List<ResultPlace> found, ResultQuery query, ResultPlace? after, int most, CancellationToken stop)
    {
        var wanted = (long)found.Count + most;
        var (last, size, seen) = (after, FirstBatch, 0);
        var hasIndex = query.Stdout is { Needed.Count: > 0 } || query.Stderr is { Needed.Count: > 0 };
        while (!hasIndex || seen < InOrder)
        {
            var batch = await look.Batch(last, size, byIndex: false, found, stop);
            if (batch is null)
                return false;
            if (found.Count >= wanted || batch.Value.Rows < size)
                return true;
            if (seen == 0)
                await look.Narrow(stop);
            (last, seen) = (batch.Value.Last, seen + batch.Value.Rows);
            size = Math.Min(LargestBatch, size * 2);
        }

        while (await look.Batch(last, size, byIndex: true, found, stop) is { } batch)
        {
            if (found.Count >= wanted || batch.Rows < size)
                return true;
            last = batch.Last;
        }

        return false;
    }
}
