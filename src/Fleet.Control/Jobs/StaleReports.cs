using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>Which reports of attempts that are over belong into a job's journal.</summary>
internal static class StaleReports
{
    public const string EntryType = "stale";

    /// <summary>
    /// Whether the agent had this attempt, as the journal says, and its end is not told yet: nobody fills the journal of
    /// a job that he never had, or fills it by repetition.
    /// </summary>
    public static async Task<bool> IsNews(Unit unit, Job job, JobFinished report)
    {
        if (report.Attempt > job.Attempt || (report.Attempt == job.Attempt && report.Agent != job.Agent))
            return false;
        if (unit.Entries.Any(entry =>
            entry.Stream == job.CorrelationId && entry.Attempt == report.Attempt && entry.Type == EntryType))
            return false;
        return await unit.Db.Database.SqlQuery<bool>(
            $"""
            select exists (select 1 from journal
                           where stream = {job.CorrelationId} and attempt = {report.Attempt} and type = 'state'
                               and data->>'to' = 'assigned' and data->>'agent' = {report.Agent})
                and not exists (select 1 from journal
                                where stream = {job.CorrelationId} and attempt = {report.Attempt} and type = {EntryType})
                as "Value"
            """).SingleAsync();
    }
}
