using Fleet.Control.Jobs.Search;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Jobs.Bulk;

/// <summary>Which jobs a run is about: those that its filter chose when it was asked for.</summary>
internal static class BulkChoice
{
    public static JobChoice Of(BulkRun run)
    {
        Filter bound = JobFilter.When(JobFields.Created, FilterOperator.AtMost, run.CreatedAt);
        if (run.Action is nameof(BulkAction.Retry) or nameof(BulkAction.Delete))
            bound &= new Not(JobFilter.When(JobFields.Finished, FilterOperator.More, run.CreatedAt));
        return new JobChoice(
            JobFilter.ReadStored(run.Filter) & bound, run.OfEveryTenant ? null : run.Tenant, run.CreatedAt);
    }

    /// <summary>Of these, those that are still meant.</summary>
    public static JobChoice Among(this JobChoice choice, IEnumerable<JobMatch> jobs) => choice with
    {
        Filter = choice.Filter & new Condition(
            JobFields.Id, null, FilterOperator.Is, [.. jobs.Select(job => new IdValue(job.Id))]),
    };
}
